import { Injectable, Optional } from '@nestjs/common';
import type { LiveGap, LiveGapFacts, PoolFacts } from '../contracts/health-facts.js';
import { LatencyFacts } from '../contracts/latency-facts.js';
import { Clock } from '../kernel/clock.js';
import { CollectedProbes } from './collected-probes.js';
import { ResolvedHealthOptions } from './health.options.js';

const BYTES_PER_MB = 1_048_576;
/** Most matches that only one side has as live: at their edges a match begins here before it does there. */
const MOST = { healthy: 5, warning: 15 } as const;

/** The answer of `GET /sync/status`, in the platform's words. */
export interface SyncStatusAnswer {
  /** false: it should be known and is not */
  readonly ok: boolean;
  readonly syncStatus: 'healthy' | 'warning' | 'critical' | 'off' | 'standby' | 'unknown';
  readonly api: { readonly liveMatches: number | null };
  readonly db: { readonly liveMatches: number | null };
  /** matches that only one of both sides has as live; never negative */
  readonly gap: number | null;
  readonly message: string;
  /** ISO 8601, UTC */
  readonly timestamp: string;
}

/**
 * Answers of the routes behind the internal secret, in the platform's shapes: from memory only, like every probe. Null where the
 * module that knows is not part of the host.
 */
@Injectable()
export class InternalAnswers {
  constructor(
    private readonly options: ResolvedHealthOptions,
    private readonly clock: Clock,
    private readonly probes: CollectedProbes,
    @Optional() private readonly latencies?: LatencyFacts,
  ) {}

  /** `GET /health/detailed` */
  detailed(): object {
    const { heapUsed, heapTotal, rss, external } = process.memoryUsage();
    const seconds = Math.floor(process.uptime());
    return {
      ok: true,
      service: this.options.service,
      uptime: { seconds, formatted: durationText(seconds) },
      memory: {
        heapUsed: megabytes(heapUsed),
        heapTotal: megabytes(heapTotal),
        rss: megabytes(rss),
        external: megabytes(external),
        heapUsedBytes: heapUsed,
        heapTotalBytes: heapTotal,
      },
      node: { version: process.version, platform: process.platform, arch: process.arch },
      timestamp: this.timestamp(),
    };
  }

  /** `GET /health/pool` */
  pool(): PoolFacts | null {
    return this.probes.internal().pool ?? null;
  }

  /** `GET /sync/status` */
  sync(): SyncStatusAnswer | null {
    const facts = this.probes.internal().liveGap;
    if (!facts) return null;
    const { gap } = facts;
    return {
      ok: facts.state !== 'unknown',
      ...judged(facts),
      api: { liveMatches: gap?.provider ?? null },
      db: { liveMatches: gap?.rows ?? null },
      gap: gap && sizeOf(gap),
      timestamp: this.timestamp(),
    };
  }

  /** `GET /metrics/latency`. @param eventType only of this one; undefined: of all */
  latency(eventType?: string): object | null {
    if (!this.latencies) return null;
    const stats = this.latencies.stats(eventType);
    return {
      success: true,
      data: { stats, measurementsCount: this.latencies.count, timestamp: this.timestamp() },
    };
  }

  /** `GET /metrics/websocket` */
  webSocket(): object | null {
    const facts = this.probes.internal().webSocket;
    if (!facts) return null;
    const { activeConnections, totalConnections, totalDisconnections, uptimeMs } = facts;
    return {
      activeConnections,
      totalConnections,
      totalDisconnections,
      uptimeMs,
      uptimeSeconds: Math.floor(uptimeMs / 1_000),
      timestamp: this.timestamp(),
    };
  }

  private timestamp(): string {
    return new Date(this.clock.nowMs()).toISOString();
  }
}

function judged({ state, gap }: LiveGapFacts): Pick<SyncStatusAnswer, 'syncStatus' | 'message'> {
  switch (state) {
    case 'off':
      return {
        syncStatus: 'off',
        message: 'Nothing is compared here: the sync, its job live or watchdog, or the direct path is off',
      };
    case 'standby':
      return { syncStatus: 'standby', message: 'Another process takes the feed: it compares' };
    case 'unknown':
      return {
        syncStatus: 'unknown',
        message: 'The live list of the provider or the live matches were not read lately',
      };
    case 'known':
      return gap ? ofGap(gap) : judged({ state: 'unknown', gap });
    default:
      return state satisfies never;
  }
}

function ofGap(gap: LiveGap): Pick<SyncStatusAnswer, 'syncStatus' | 'message'> {
  const size = sizeOf(gap);
  const message = `${gap.onlyProvider} live at the provider only, ${gap.onlyRows} live in the database only`;
  if (size <= MOST.healthy) return { syncStatus: 'healthy', message };
  return { syncStatus: size <= MOST.warning ? 'warning' : 'critical', message };
}

function sizeOf({ onlyProvider, onlyRows }: LiveGap): number {
  return onlyProvider + onlyRows;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / BYTES_PER_MB)}MB`;
}

/** `1d 2h 3m 4s`, without what is nothing in front. */
function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count, unit]) => count > 0 || unit === 's');
  return parts
    .slice(first)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}
