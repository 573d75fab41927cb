import { Injectable } from '@nestjs/common';
import type { Committed } from '../contracts/committed-changes.js';
import { LatencyFacts, type LatencyStats } from '../contracts/latency-facts.js';
import type { MatchEvent } from '../domain/match-event.js';
import { percentile } from '../kernel/percentile.js';

/** Measurements that are kept: the newest ones. */
const KEPT = 1_000;

/** What clients hear of a change, by the names of the frames. */
const EVENT_TYPES = [
  'GOAL',
  'GOAL_CANCELLED',
  'SCORE_CHANGE',
  'MATCH_STATE_CHANGE',
  'CARD',
  'SUBSTITUTION',
  'ADDED_TIME',
] as const;
type EventType = (typeof EVENT_TYPES)[number];

/** What no frame of its own stands for is measured with the frames beside it. */
const OF_EVENT: Readonly<Partial<Record<MatchEvent['type'], EventType>>> = {
  goal: 'GOAL',
  'goal-cancelled': 'GOAL_CANCELLED',
  'score-changed': 'SCORE_CHANGE',
  'state-changed': 'MATCH_STATE_CHANGE',
};

/** Provider's incident codes. */
const OF_INCIDENT: Readonly<Record<number, EventType>> = {
  3: 'CARD',
  4: 'CARD',
  15: 'CARD',
  9: 'SUBSTITUTION',
  19: 'ADDED_TIME',
};

/**
 * Latencies are the last 1,000 measurements from the receipt of a frame over its commit to its broadcast, one for each thing that
 * clients hear of. Measuring writes into arrays that are made once. The minutes of the tick are nobody's frame: they are left out.
 */
@Injectable()
export class Latencies extends LatencyFacts {
  private readonly processingMs = new Float64Array(KEPT);
  private readonly broadcastMs = new Float64Array(KEPT);
  private readonly types = new Uint8Array(KEPT);
  private measured = 0;

  override get count(): number {
    return Math.min(this.measured, KEPT);
  }

  /** The change was sent to clients. */
  measure(change: Committed, sentAtMs: number): void {
    if (change.kind === 'minute') return;
    const processing = Math.max(0, change.committedAtMs - change.receivedAtMs);
    const broadcast = Math.max(0, sentAtMs - change.committedAtMs);
    if (change.kind === 'score') {
      for (const { type } of change.events) this.note(OF_EVENT[type], processing, broadcast);
    } else {
      for (const { type } of change.fresh) this.note(OF_INCIDENT[type], processing, broadcast);
    }
  }

  override stats(eventType?: string): LatencyStats {
    const wanted = eventType === undefined ? -1 : (EVENT_TYPES as readonly string[]).indexOf(eventType);
    const chosen = Array.from({ length: this.count }, (_, n) => n).filter(
      (n) => eventType === undefined || this.types[n] === wanted,
    );
    const processing = chosen.map((n) => this.processingMs[n] ?? 0);
    const broadcast = chosen.map((n) => this.broadcastMs[n] ?? 0);
    const total = processing.map((ms, n) => ms + (broadcast[n] ?? 0)).sort((a, b) => a - b);
    return {
      eventType: eventType ?? 'ALL',
      count: total.length,
      avgTotalLatency: average(total),
      avgProcessingLatency: average(processing),
      avgBroadcastLatency: average(broadcast),
      minLatency: total[0] ?? null,
      maxLatency: total.at(-1) ?? null,
      p50: percentile(total, 0.5),
      p95: percentile(total, 0.95),
      p99: percentile(total, 0.99),
    };
  }

  private note(type: EventType | undefined, processingMs: number, broadcastMs: number): void {
    if (type === undefined) return;
    const slot = this.measured % KEPT;
    this.processingMs[slot] = processingMs;
    this.broadcastMs[slot] = broadcastMs;
    this.types[slot] = EVENT_TYPES.indexOf(type);
    this.measured += 1;
  }
}

function average(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.round((values.reduce((sum, one) => sum + one, 0) / values.length) * 1_000) / 1_000;
}
