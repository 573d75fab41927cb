import { Inject, Injectable, Optional } from '@nestjs/common';
import { BroadcastStats } from '../broadcast/ports/broadcast-stats.js';
import { MqttFeedStatus } from '../mqtt-ingest/mqtt-feed-status.service.js';
import { Clock } from '../shared/clock.js';
import { Disputes } from '../shared/disputes.js';
import { type HealthOptions, type ResolvedHealthOptions, resolveHealthOptions } from './health.options.js';
import { HEALTH_OPTIONS } from './health.tokens.js';

/** The feed as it is now. Silence is not an outage: a quiet night has `connected: true` and no messages. */
export interface FeedFacts {
  readonly connected: boolean;
  /** every topic was granted by the broker */
  readonly subscribed: boolean;
  /** seconds since the newest message, three decimals; null before the first */
  readonly seconds_since_message: number | null;
  readonly messages_60s: number;
  /** connections after the first one */
  readonly reconnects: number;
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
  /** connected WebSocket clients; absent in a host without the broadcast module */
  readonly clients?: number;
  /** matches whose feed insists on what the guard refuses */
  readonly disputed: number;
}

const REFUSED_QOS = 128;

/** Facts about this process, from memory only: never asks the database, the broker or the provider. */
@Injectable()
export class HealthReport {
  private readonly options: ResolvedHealthOptions;

  constructor(
    @Inject(HEALTH_OPTIONS) options: HealthOptions,
    private readonly clock: Clock,
    private readonly disputes: Disputes,
    @Optional() @Inject(MqttFeedStatus) private readonly feedStatus?: MqttFeedStatus,
    @Optional() @Inject(BroadcastStats) private readonly broadcast?: BroadcastStats,
  ) {
    this.options = resolveHealthOptions(options);
  }

  liveness(): Liveness {
    const nowMs = this.clock.nowMs();
    return {
      ok: true,
      service: this.options.service,
      uptime_s: Math.floor(process.uptime()),
      timestamp: new Date(nowMs).toISOString(),
      commit: this.options.commit,
      ...(this.feedStatus && { feed: feedFacts(this.feedStatus, nowMs) }),
      ...(this.broadcast && { clients: this.broadcast.counts().activeConnections }),
      disputed: this.disputes.count,
    };
  }
}

function feedFacts(status: MqttFeedStatus, nowMs: number): FeedFacts {
  const { lastMessageAtMs, grantedQos } = status;
  return {
    connected: status.connected,
    subscribed: status.connected && status.topics.every((topic) => (grantedQos[topic] ?? REFUSED_QOS) < REFUSED_QOS),
    seconds_since_message: lastMessageAtMs === null ? null : Math.max(0, nowMs - lastMessageAtMs) / 1000,
    messages_60s: status.messagesLast60s,
    reconnects: status.reconnects,
  };
}
