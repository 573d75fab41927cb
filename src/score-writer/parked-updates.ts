import { Injectable } from '@nestjs/common';
import { decide } from '../domain/decide.js';
import { emptyMatch } from '../domain/empty-match.js';
import type { Outcome } from '../domain/outcome.js';
import { UNKNOWN_MATCH } from '../domain/outcomes.js';
import { Clock } from '../kernel/clock.js';
import { DecisionLog } from './decision-log.js';
import { LookupRequests } from './lookup-requests.js';
import { type Mailbox, repeatOf, type Waiting } from './mailbox.js';
import { MailboxGuard } from './mailbox-guard.js';

/** Updates of matches without a row: the newest one is parked until a row appears. */
@Injectable()
export class ParkedUpdates {
  constructor(
    private readonly clock: Clock,
    private readonly guard: MailboxGuard,
    private readonly log: DecisionLog,
    private readonly lookups: LookupRequests,
  ) {}

  /** There is no row: everything the mailbox holds is without a home. */
  park(mailbox: Mailbox): void {
    const homeless = mailbox.waiting();
    const nowMs = this.clock.nowMs();
    mailbox.clearUnwritten();
    mailbox.unconfirmed = [];
    mailbox.inbox = [];
    mailbox.overtaken = [];
    mailbox.state = null;
    mailbox.phase = 'unknown';
    for (const waiting of homeless) {
      const { update } = waiting;
      const outcome = this.parkOne(mailbox, waiting, nowMs);
      if (waiting.replay || waiting.final) continue;
      this.log.judged(update, outcome, null, nowMs);
      this.lookups.parked(update, nowMs);
      this.log.conclude(waiting, outcome);
    }
  }

  /**
   * Takes the place of the parked one, unless it is older, or the guard refuses it after what was parked before. A pull,
   * of which nobody keeps a copy, gives way to every push.
   */
  private parkOne(mailbox: Mailbox, { update, receipt }: Waiting, nowMs: number): Outcome {
    const { parked } = mailbox;
    if (parked && parked.update.receivedAtMs > update.receivedAtMs) return UNKNOWN_MATCH;
    if (update.delivery === 'push') {
      const imagined = mailbox.imagined ?? emptyMatch(mailbox.matchId);
      const { outcome, next } = decide(imagined, update, this.guard.context(nowMs, false, imagined));
      if (mailbox.imagined && (outcome.kind === 'stale' || outcome.kind === 'illegal')) return outcome;
      mailbox.imagined = next;
    } else if (mailbox.imagined) return UNKNOWN_MATCH;
    mailbox.parked = { ...repeatOf(update, nowMs), receipt, replay: true, final: false };
    return UNKNOWN_MATCH;
  }
}
