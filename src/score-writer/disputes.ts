import { Injectable } from '@nestjs/common';
import { disputedSinceMs } from '../domain/lasting-refusals.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import type { Mailbox } from './mailbox.js';
import { Mailboxes } from './mailboxes.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

/** Shows the matches whose feed goes on saying what the guard refuses, so that somebody can look. */
@Injectable()
export class Disputes {
  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly clock: Clock,
    private readonly limits: ResolvedScoreWriterOptions,
    metrics: LiveScoreMetrics,
  ) {
    metrics.showDisputed(() => this.oldestS());
  }

  get count(): number {
    let count = 0;
    for (const mailbox of this.mailboxes.all()) if (this.sinceMs(mailbox) !== null) count++;
    return count;
  }

  has(matchId: string): boolean {
    const mailbox = this.mailboxes.find(matchId);
    return mailbox !== undefined && this.sinceMs(mailbox) !== null;
  }

  private oldestS(): number {
    const nowMs = this.clock.nowMs();
    let oldestMs = nowMs;
    for (const mailbox of this.mailboxes.all()) oldestMs = Math.min(oldestMs, this.sinceMs(mailbox) ?? nowMs);
    return (nowMs - oldestMs) / 1000;
  }

  private sinceMs({ hearing }: Mailbox): number | null {
    return disputedSinceMs(hearing.heard, this.clock.nowMs(), this.limits);
  }
}
