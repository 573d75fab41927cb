import { Inject, Injectable, Optional } from '@nestjs/common';
import { BroadcastStats } from '../broadcast/ports/broadcast-stats.js';
import { Disputes } from '../contracts/disputes.js';
import { IngestLease } from '../contracts/ingest-lease.js';
import { FeedFreshness } from '../feed-recovery/feed-freshness.service.js';
import { FeedMonitor } from '../feed-recovery/feed-monitor.service.js';
import { Accounting, type Balance } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { MqttFeedStatus } from '../mqtt-ingest/mqtt-feed-status.service.js';
import { ProviderStatus } from '../provider/provider-status.service.js';
import { connectionFacts, type FeedFacts, stateFacts } from './feed-facts.js';
import { ResolvedHealthOptions } from './health.options.js';

/** Which of several processes takes the feed. */
export interface LeaseFacts {
  /** it is this one, as far as it knows */
  readonly held: boolean;
  /** number of the term; null while standing by */
  readonly fence: number | null;
  /** the database said so lately */
  readonly confirmed: boolean;
}

/** How the provider's REST API answers. */
export interface ProviderFacts {
  /** false without credentials */
  readonly enabled: boolean;
  /** ISO 8601; null before the first good answer */
  readonly last_success: string | null;
  /** the newest failure that no good answer followed; null while all is well */
  readonly last_error: { readonly code: string; readonly text: string; readonly at: string } | null;
  /** until then nobody asks, because the provider said "too many requests", ISO 8601; null when not paused */
  readonly paused_until: string | null;
}

/** What `GET /health` answers. `"ok":true` is a literal that deploy scripts search for. */
export interface Liveness {
  readonly ok: true;
  readonly service: string;
  /** whole seconds since the process started */
  readonly uptime_s: number;
  /** ISO 8601, UTC */
  readonly timestamp: string;
  readonly commit: string;
  /** absent in a host without the ingest module */
  readonly feed?: FeedFacts;
  /** absent in a host where everybody may take the feed */
  readonly lease?: LeaseFacts;
  /** absent in a host without the provider module */
  readonly provider?: ProviderFacts;
  /** what became of every update received; `unaccounted` is 0 */
  readonly accounting: Balance;
  /** connected WebSocket clients; absent in a host without the broadcast module */
  readonly clients?: number;
  /** matches whose feed insists on what the guard refuses */
  readonly disputed: number;
}

/** Facts about this process, from memory only: never asks the database, the broker or the provider. */
@Injectable()
export class HealthReport {
  constructor(
    private readonly options: ResolvedHealthOptions,
    private readonly clock: Clock,
    private readonly disputes: Disputes,
    private readonly accounting: Accounting,
    @Optional() @Inject(MqttFeedStatus) private readonly feedStatus?: MqttFeedStatus,
    @Optional() @Inject(BroadcastStats) private readonly broadcast?: BroadcastStats,
    @Optional() @Inject(FeedMonitor) private readonly monitor?: FeedMonitor,
    @Optional() @Inject(FeedFreshness) private readonly freshness?: FeedFreshness,
    @Optional() @Inject(IngestLease) private readonly lease?: IngestLease,
    @Optional() @Inject(ProviderStatus) private readonly provider?: ProviderStatus,
  ) {}

  liveness(): Liveness {
    const nowMs = this.clock.nowMs();
    return {
      ok: true,
      service: this.options.service,
      uptime_s: Math.floor(process.uptime()),
      timestamp: new Date(nowMs).toISOString(),
      commit: this.options.commit,
      ...(this.feedStatus && { feed: this.feedFacts(this.feedStatus, nowMs) }),
      ...(this.lease && { lease: leaseFacts(this.lease) }),
      ...(this.provider && { provider: providerFacts(this.provider) }),
      accounting: this.accounting.balance(),
      ...(this.broadcast && { clients: this.broadcast.counts().activeConnections }),
      disputed: this.disputes.count,
    };
  }

  private feedFacts(status: MqttFeedStatus, nowMs: number): FeedFacts {
    const { monitor, freshness } = this;
    return {
      ...connectionFacts(status, nowMs),
      ...(monitor && freshness && stateFacts(monitor, freshness, nowMs)),
    };
  }
}

function leaseFacts({ term, confirmed }: IngestLease): LeaseFacts {
  return { held: term !== null, fence: term?.fence ?? null, confirmed };
}

function providerFacts({ enabled, lastSuccessAtMs, lastError, pausedUntilMs }: ProviderStatus): ProviderFacts {
  return {
    enabled,
    last_success: isoTime(lastSuccessAtMs),
    last_error: lastError && {
      code: lastError.code,
      text: lastError.text,
      at: new Date(lastError.atMs).toISOString(),
    },
    paused_until: isoTime(pausedUntilMs),
  };
}

function isoTime(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
