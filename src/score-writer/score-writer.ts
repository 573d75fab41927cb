import { Injectable, Optional } from '@nestjs/common';
import { DetailsSink } from '../contracts/details-sink.js';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import { WriteFence } from '../contracts/write-fence.js';
import { hasScore } from '../domain/decide.js';
import { isGoalIncident } from '../domain/derive-events.js';
import type { MatchState } from '../domain/match-state.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { DETAILS_NOT_KEPT, FENCED, OVERLOADED } from '../domain/outcomes.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { BatchFlusher } from './batch-flusher.js';
import { DecisionLog } from './decision-log.js';
import type { ForeignVerdict } from './foreign-row.js';
import { hasBothParts, JointReceipt } from './joint-receipt.js';
import type { Mailbox } from './mailbox.js';
import { Mailboxes } from './mailboxes.js';
import { RowLoader } from './row-loader.js';
import { firstOf } from './waiting.js';

/**
 * The writer is the only one that writes score and status; statistics, incidents and commentary leave here, to the details
 * writer, if there is one. Every update is judged on arrival against the pending state
 * of its match and, when accepted, written by compare-and-set; what is told to the world is told after the commit.
 *
 * Way of an update: `submit` → `Mailbox` (row loaded? judge, fold) → `BatchFlusher` → commit → `CommittedChanges`.
 * Back edges: a missed compare-and-set has the row loaded, and the mailbox judges the change again; without a row it
 * parks the update.
 * While standing by, without the lease of the feed, nothing is taken; when the lease is lost everything is forgotten.
 */
@Injectable()
export class ScoreWriter extends UpdateSink {
  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly loader: RowLoader,
    private readonly flusher: BatchFlusher,
    private readonly log: DecisionLog,
    private readonly right: WriteFence,
    private readonly fates: OutcomeCounter,
    @Optional() private readonly details?: DetailsSink,
  ) {
    super();
  }

  /** Is the database taking scores? */
  get healthy(): boolean {
    return !this.flusher.failing && !this.loader.failing;
  }

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    const { details } = this;
    const joint = details && receipt && updates.some(hasBothParts) ? new JointReceipt(receipt, details) : null;
    for (const update of updates) this.take(update, joint?.scores ?? receipt);
    this.flush();
    if (details) details.submit(updates, joint?.details ?? receipt);
    else for (const update of updates) if (!update.score) this.leaveOut(update, receipt);
  }

  /** The row is another than the writer thought: told by the drift check. */
  foreignChange(mailbox: Mailbox, row: MatchState, verdict: ForeignVerdict): void {
    mailbox.rowDiffers(row, verdict);
    this.flush();
  }

  /** The statement first; what it leaves to write down and to ask while it is on its way. */
  private flush(): void {
    this.flusher.flush();
    this.log.writeDown();
  }

  private take(update: MatchUpdate, receipt: Receipt | undefined): void {
    const mailbox = this.right.granted ? this.mailboxes.open(update.matchId) : null;
    if (mailbox && update.incidents) mailbox.noteGoals(update.incidents.filter(isGoalIncident));
    if (!hasScore(update)) return;
    const waiting = firstOf(update, receipt);
    if (mailbox) mailbox.submit(waiting);
    else this.log.conclude(waiting, this.right.granted ? OVERLOADED : FENCED);
  }

  /** Nobody keeps details here: nothing differs after it. */
  private leaveOut(update: MatchUpdate, receipt: Receipt | undefined): void {
    this.fates.count(DETAILS_NOT_KEPT);
    receipt?.concluded(update, DETAILS_NOT_KEPT);
  }
}
