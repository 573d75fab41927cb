import { Injectable } from '@nestjs/common';
import type { Outcome } from '../domain/outcome.js';
import { DEAD, SUPERSEDED } from '../domain/outcomes.js';
import { CommitPublisher } from './commit-publisher.js';
import { DecisionLog } from './decision-log.js';
import type { FlushListener } from './flush-listener.js';
import { type Accepted, type Mailbox, type Waiting, waitingIn } from './mailbox.js';
import { commit, foresee } from './mailbox-commit.js';
import { MailboxGuard } from './mailbox-guard.js';
import { Mailboxes } from './mailboxes.js';
import { RowLoader } from './row-loader.js';

/** What the database made of a statement: told to the world, looked into when the row was another, or given up. */
@Injectable()
export class WriteAnswers implements FlushListener {
  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly guard: MailboxGuard,
    private readonly loader: RowLoader,
    private readonly publisher: CommitPublisher,
    private readonly log: DecisionLog,
  ) {}

  sent(mailboxes: readonly Mailbox[]): void {
    for (const mailbox of mailboxes) mailbox.foreseen = foresee(mailbox);
  }

  committed(mailboxes: readonly Mailbox[], committedAtMs: number): void {
    const commits = mailboxes.map((mailbox) => commit(mailbox, mailbox.inFlight as Accepted));
    this.publisher.publish(commits, committedAtMs);
    for (const mailbox of mailboxes) if (mailbox.retired) this.mailboxes.left(mailbox);
  }

  /** The row tells why: it is asked for, unless it is not ours any more. */
  missed(mailbox: Mailbox): void {
    if (mailbox.retired) {
      this.giveUp(mailbox, mailbox.retired);
      return;
    }
    mailbox.missed = true;
    this.loader.request(mailbox);
  }

  superseded(waiting: Waiting): void {
    this.log.conclude(waiting, SUPERSEDED);
  }

  /** What was accepted after the dead change may well be writable: it is judged against the row as it stays. */
  dead(mailbox: Mailbox, error: unknown): void {
    const { pending } = mailbox;
    mailbox.pending = null;
    this.publisher.reportDead(mailbox.matchId, error);
    this.giveUp(mailbox, DEAD);
    if (pending) this.guard.judgeAgain(mailbox, pending, false);
  }

  /** The statement came to nothing. */
  private giveUp(mailbox: Mailbox, outcome: Outcome): void {
    const lost = waitingIn(mailbox.inFlight);
    mailbox.forgetAnswer();
    this.mailboxes.left(mailbox);
    for (const waiting of lost) this.log.conclude(waiting, outcome);
  }
}
