import { Injectable } from '@nestjs/common';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import { WriteFence } from '../contracts/write-fence.js';
import { hasScore } from '../domain/decide.js';
import { isGoalIncident } from '../domain/derive-events.js';
import type { MatchState } from '../domain/match-state.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { FENCED, OVERLOADED, SUPERSEDED } from '../domain/outcomes.js';
import { BatchFlusher } from './batch-flusher.js';
import { DecisionLog } from './decision-log.js';
import { LookupRequests } from './lookup-requests.js';
import { awaitsCommit, type Mailbox, type Waiting } from './mailbox.js';
import { MailboxGuard } from './mailbox-guard.js';
import { Mailboxes } from './mailboxes.js';
import { RowArrivals } from './row-arrivals.js';
import { RowLoader } from './row-loader.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';
import { WriteAnswers } from './write-answers.js';

const MAX_INBOX = 16;

/**
 * The one writer of score and status. Every update is judged on arrival against the pending state of its match and,
 * when accepted, written by compare-and-set; what is told to the world is told after the commit.
 *
 * Way of an update: `submit` → (row loaded?) → `MailboxGuard` → fold → flush → commit → `CommitPublisher`.
 * Back edges: a missed compare-and-set loads the row, and `RowArrivals` has the change judged again; without a row the
 * update is parked (`ParkedUpdates`).
 * While standing by, without the lease of the feed, nothing is taken; when the lease is lost everything is forgotten
 * (`MailboxDiscarder`).
 */
@Injectable()
export class ScoreWriter extends UpdateSink {
  constructor(
    options: ResolvedScoreWriterOptions,
    private readonly mailboxes: Mailboxes,
    private readonly guard: MailboxGuard,
    private readonly loader: RowLoader,
    private readonly arrivals: RowArrivals,
    private readonly flusher: BatchFlusher,
    private readonly log: DecisionLog,
    private readonly lookups: LookupRequests,
    private readonly right: WriteFence,
    answers: WriteAnswers,
  ) {
    super();
    loader.connect(
      (mailbox, row) => arrivals.loaded(mailbox, row),
      () => this.flush(),
    );
    flusher.connect(answers, options.batchSize);
  }

  /** Is the database taking scores? */
  get healthy(): boolean {
    return !this.flusher.failing && !this.loader.failing;
  }

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    for (const update of updates) this.take(update, receipt);
    this.flush();
  }

  /** The row is another than the writer thought: told by the drift check. */
  foreignChange(mailbox: Mailbox, row: MatchState): void {
    this.arrivals.differs(mailbox, row);
    this.flush();
  }

  /** The statement first; what it leaves to write down and to ask while it is on its way. */
  private flush(): void {
    this.flusher.flush();
    this.log.writeDown();
    this.lookups.send();
  }

  private take(update: MatchUpdate, receipt: Receipt | undefined): void {
    const refusal = this.right.granted ? null : FENCED;
    const mailbox = refusal ? null : this.mailboxes.open(update.matchId);
    if (mailbox && update.incidents) mailbox.goalIncidents = update.incidents.filter(isGoalIncident);
    if (!hasScore(update)) return;
    const waiting: Waiting = {
      update,
      receipt,
      sinceMs: update.receivedAtMs,
      waited: receipt?.waited === true,
      replay: false,
      fate: SUPERSEDED,
      final: false,
    };
    if (!mailbox) this.log.conclude(waiting, refusal ?? OVERLOADED);
    else if (mailbox.phase === 'ready') this.guard.judge(mailbox, waiting, waiting.waited);
    else this.queue(mailbox, waiting);
  }

  private queue(mailbox: Mailbox, waiting: Waiting): void {
    mailbox.inbox.push(waiting);
    if (mailbox.inbox.length > MAX_INBOX) {
      const oldest = mailbox.inbox.shift() as Waiting;
      if (awaitsCommit(oldest)) mailbox.overtaken.push(oldest);
      else this.log.conclude(oldest, SUPERSEDED);
    }
    if (mailbox.phase === 'loading') return;
    mailbox.phase = 'loading';
    this.loader.request(mailbox);
  }
}
