import { Injectable } from '@nestjs/common';
import type { MatchUpdate } from '../domain/match-update.js';
import { Accounting } from '../kernel/accounting.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { PushTimes } from './push-times.js';

const PARTS = ['score', 'statistics', 'incidents', 'commentary'] as const;

/** The intake's books: what came, what of it was refused, and which matches the feed speaks of. */
@Injectable()
export class IntakeBooks {
  private readonly parts;
  private readonly messages;

  constructor(
    private readonly metrics: LiveScoreMetrics,
    private readonly accounting: Accounting,
    private readonly activity: PushTimes,
  ) {
    this.parts = PARTS.map((kind) => ({ kind, tally: metrics.tally(metrics.parts, kind) }));
    this.messages = metrics.tally(metrics.messages);
  }

  message(): void {
    this.messages.inc();
  }

  received(updates: readonly MatchUpdate[]): void {
    this.accounting.received(updates.length);
    for (const update of updates) {
      this.activity.pushed(update.matchId, update.receivedAtMs);
      for (const { kind, tally } of this.parts) if (update[kind]) tally.inc();
    }
  }

  /** A message, or a part of one. */
  refused(reason: string, times = 1): void {
    this.metrics.malformed.inc({ reason }, times);
  }

  /** Updates that nobody has received, because they could not be read. */
  unreadable(updates: number): void {
    this.accounting.received(updates);
    this.abandoned(updates);
  }

  /** Updates that were received and will not be judged. */
  abandoned(updates: number): void {
    this.accounting.concluded('malformed', updates);
  }
}
