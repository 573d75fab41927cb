import { Injectable } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import type { MatchState } from '../domain/match-state.js';
import { Clock } from '../kernel/clock.js';
import { BatchFlusher } from './batch-flusher.js';
import { CommitPublisher } from './commit-publisher.js';
import { foreignRow, isHeardElsewhere, isRevert, mayBeOlder } from './foreign-row.js';
import { LookupRequests } from './lookup-requests.js';
import { type Accepted, type Mailbox, repeatOf } from './mailbox.js';
import { commit } from './mailbox-commit.js';
import { MailboxGuard } from './mailbox-guard.js';
import { causeOfMiss } from './miss-cause.js';
import { ParkedUpdates } from './parked-updates.js';

/**
 * What follows from a row that was read: the updates that waited for it are judged, a missed compare-and-set is
 * explained, and somebody else's row is adopted, with our last frame judged against it.
 */
@Injectable()
export class RowArrivals {
  constructor(
    private readonly clock: Clock,
    private readonly guard: MailboxGuard,
    private readonly parking: ParkedUpdates,
    private readonly flusher: BatchFlusher,
    private readonly publisher: CommitPublisher,
    private readonly lookups: LookupRequests,
    private readonly right: WriteFence,
  ) {}

  /** The row that was asked for, null when there is none. */
  loaded(mailbox: Mailbox, row: MatchState | null): void {
    if (mailbox.retired || (mailbox.phase === 'ready' && !mailbox.missed)) return;
    if (!row) {
      this.parking.park(mailbox);
      return;
    }
    if (mailbox.inFlight) this.resolveMiss(mailbox, mailbox.inFlight, row);
    else mailbox.state = row;
    mailbox.phase = 'ready';
    this.judgeWaiting(mailbox);
  }

  /** The row of an idle match is another than was believed. */
  differs(mailbox: Mailbox, row: MatchState): void {
    const before = mailbox.state as MatchState;
    const waited = isHeardElsewhere(row, [before]);
    this.adopt(mailbox, row);
    const { reflected } = mailbox;
    if (reflected && mayBeOlder(row, before)) {
      this.guard.judge(mailbox, repeatOf(reflected, this.clock.nowMs()), waited);
    }
  }

  private judgeWaiting(mailbox: Mailbox): void {
    const { parked, inbox, overtaken } = mailbox;
    mailbox.parked = null;
    mailbox.imagined = null;
    mailbox.inbox = [];
    mailbox.overtaken = [];
    if (parked) this.guard.judge(mailbox, { ...parked, sinceMs: this.clock.nowMs() }, true);
    for (const item of inbox) this.guard.judge(mailbox, item, item.waited);
    this.guard.joinUnwritten(mailbox, overtaken);
  }

  private resolveMiss(mailbox: Mailbox, missed: Accepted, row: MatchState): void {
    const cause = causeOfMiss(mailbox, missed, row);
    switch (cause.kind) {
      case 'locked':
        this.retryLater(mailbox);
        break;
      case 'written':
        this.confirm(mailbox, missed, cause.write);
        break;
      case 'foreign':
        this.giveWay(mailbox, missed, row, cause.heardElsewhere);
        break;
      default:
        cause satisfies never;
    }
  }

  /** Refused as a fenced statement would be: when it happens again and again, the lease is looked at. */
  private retryLater(mailbox: Mailbox): void {
    if (mailbox.lockedOut > 1) this.right.doubt();
    this.flusher.rest(mailbox);
  }

  /** A write took effect after all: it is told now, and what else is unwritten is judged against it. */
  private confirm(mailbox: Mailbox, missed: Accepted, write: Accepted): void {
    const { pending } = mailbox;
    mailbox.clearUnwritten();
    this.publisher.publish([commit(mailbox, write)], this.clock.nowMs());
    if (missed !== write) this.guard.judgeAgain(mailbox, missed, false);
    if (pending && pending !== write) this.guard.judgeAgain(mailbox, pending, false);
  }

  /** Nothing of ours is in the row: what is unwritten is judged against it, and the frame that was in it before. */
  private giveWay(mailbox: Mailbox, missed: Accepted, row: MatchState, waited: boolean): void {
    const { pending } = mailbox;
    mailbox.clearUnwritten();
    this.adopt(mailbox, row);
    const { reflected } = mailbox;
    mailbox.unconfirmed = [];
    this.guard.judgeAgain(mailbox, missed, waited);
    if (pending) this.guard.judgeAgain(mailbox, pending, waited);
    if (reflected && reflected !== (pending ?? missed).newest.update) {
      this.guard.judge(mailbox, repeatOf(reflected, this.clock.nowMs()), waited);
    }
  }

  /** Somebody else's row is what updates are judged against from now on; clients hear what they can see of it. */
  private adopt(mailbox: Mailbox, row: MatchState): void {
    const before = mailbox.state as MatchState;
    mailbox.state = foreignRow(row, before);
    this.publisher.publishForeign(before, mailbox.state);
    if (!isRevert(row, before)) return;
    mailbox.reflected = null;
    this.lookups.reverted(row, this.clock.nowMs());
  }
}
