import { Injectable, Logger } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import type { Outcome } from '../domain/outcome.js';
import { FENCED } from '../domain/outcomes.js';
import { BatchFlusher } from './batch-flusher.js';
import { DecisionLog } from './decision-log.js';
import { type Mailbox, waitingIn } from './mailbox.js';
import { Mailboxes } from './mailboxes.js';
import { RowLoader } from './row-loader.js';

/** Matches that this process must not write any more: one was given away, or the lease was lost and all are. */
@Injectable()
export class MailboxDiscarder {
  private readonly logger = new Logger('ScoreWriter');

  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly loader: RowLoader,
    private readonly flusher: BatchFlusher,
    private readonly log: DecisionLog,
    right: WriteFence,
  ) {
    right.whenLost(() => this.abandonAll());
  }

  /**
   * Nothing more of the match is written, and what is known of its row is forgotten; a statement under way is answered
   * all the same. @returns how many updates met `fate`
   */
  abandon(mailbox: Mailbox, fate: Outcome): number {
    this.loader.drop(mailbox);
    this.flusher.drop(mailbox);
    this.mailboxes.retire(mailbox, fate);
    const answered = mailbox.missed ? waitingIn(mailbox.inFlight) : [];
    const unwritten = [...answered, ...waitingIn(mailbox.pending), ...mailbox.overtaken, ...mailbox.inbox];
    if (mailbox.missed) mailbox.forgetAnswer();
    mailbox.pending = null;
    mailbox.overtaken = [];
    mailbox.inbox = [];
    for (const waiting of unwritten) this.log.conclude(waiting, fate);
    return unwritten.length;
  }

  /** The feed is somebody else's: what is unwritten is not ours to write, what is known of rows may be old. */
  private abandonAll(): void {
    this.loader.forget();
    this.flusher.forget();
    let dropped = 0;
    for (const mailbox of [...this.mailboxes.all()]) dropped += this.abandon(mailbox, FENCED);
    if (dropped > 0)
      this.logger.warn('The lease of the feed was lost, unwritten updates dropped', { updates: dropped });
  }
}
