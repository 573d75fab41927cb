import { Injectable } from '@nestjs/common';
import { type Decision, decide, type ScoreUpdate } from '../domain/decide.js';
import { deriveEvents, isGoalIncident } from '../domain/derive-events.js';
import type { MatchState } from '../domain/match-state.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { DEAD, OVERLOADED, SUPERSEDED, UNKNOWN_MATCH } from '../domain/outcomes.js';
import { Clock } from '../shared/clock.js';
import { type Settled, UpdateSink } from '../shared/update-sink.js';
import { BatchFlusher } from './batch-flusher.js';
import { CommitPublisher } from './commit-publisher.js';
import { DecisionLog } from './decision-log.js';
import { foreignRow, mayBeOlder } from './foreign-row.js';
import { type Accepted, fold, type Mailbox, type Waiting } from './mailbox.js';
import { Mailboxes } from './mailboxes.js';
import { isOurWrite } from './our-write.js';
import { RowLoader } from './row-loader.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

const MAX_INBOX = 64;

/**
 * The one writer of score and status. Every update is judged on arrival against the pending state of its match and,
 * when accepted, written by compare-and-set; what is told to the world is told after the commit.
 *
 * Way of an update: `submit` → (row loaded?) → guard → fold → flush → commit → `CommitPublisher`.
 * Back edges: a missed compare-and-set loads the row and judges the change again.
 */
@Injectable()
export class ScoreWriter extends UpdateSink {
  private readonly forget = (waiting: Waiting): void => this.log.settle(waiting, SUPERSEDED);

  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly clock: Clock,
    private readonly mailboxes: Mailboxes,
    private readonly loader: RowLoader,
    private readonly flusher: BatchFlusher,
    private readonly publisher: CommitPublisher,
    private readonly log: DecisionLog,
  ) {
    super();
    loader.connect(
      (mailbox, row) => this.loaded(mailbox, row),
      () => this.flush(),
    );
    flusher.connect(
      {
        sent: foresee,
        committed: (mailboxes, committedAtMs) => this.committed(mailboxes, committedAtMs),
        missed: (mailbox) => this.missed(mailbox),
        superseded: this.forget,
        dead: (mailbox, error) => this.dead(mailbox, error),
      },
      options.batchSize,
    );
  }

  /** Is the database taking scores? */
  get healthy(): boolean {
    return !this.flusher.failing && !this.loader.failing;
  }

  override submit(updates: readonly MatchUpdate[], settled?: Settled): void {
    for (const update of updates) this.take(update, settled);
    this.flush();
  }

  /** The row is another than the writer thought: told by the drift check. */
  foreignChange(mailbox: Mailbox, row: MatchState): void {
    const before = mailbox.state as MatchState;
    this.adopt(mailbox, row);
    if (mailbox.reflected && mayBeOlder(row, before)) this.judge(mailbox, this.again(mailbox.reflected), true);
    this.flush();
  }

  private flush(): void {
    this.flusher.flush();
    this.log.writeDown();
  }

  /** An update judged once before, for a reason found now. */
  private again(update: ScoreUpdate): Waiting {
    return { update, settled: undefined, sinceMs: this.clock.nowMs(), final: true };
  }

  private take(update: MatchUpdate, settled: Settled | undefined): void {
    const mailbox = this.mailboxes.open(update.matchId);
    if (!mailbox) {
      this.log.count(OVERLOADED);
      settled?.(update, OVERLOADED);
      return;
    }
    if (update.incidents) mailbox.goalIncidents = update.incidents.filter(isGoalIncident);
    if (!hasScore(update)) return;
    const waiting = { update, settled, sinceMs: update.receivedAtMs, final: false };
    if (mailbox.phase === 'ready') this.judge(mailbox, waiting, false);
    else this.queue(mailbox, waiting);
  }

  private queue(mailbox: Mailbox, waiting: Waiting): void {
    mailbox.inbox.push(waiting);
    if (mailbox.inbox.length > MAX_INBOX) this.log.settle(mailbox.inbox.shift() as Waiting, SUPERSEDED);
    if (mailbox.phase === 'loading') return;
    mailbox.phase = 'loading';
    this.loader.request(mailbox);
  }

  private missed(mailbox: Mailbox): void {
    mailbox.missed = true;
    this.loader.request(mailbox);
  }

  private judge(mailbox: Mailbox, waiting: Waiting, waited: boolean): void {
    const base = mailbox.base as MatchState;
    const nowMs = this.clock.nowMs();
    const decision = decide(base, waiting.update, { nowMs, waited, restLagMs: this.options.restLagMs });
    this.log.judged(waiting.update, decision.outcome, base.version, nowMs);
    if (decision.outcome.kind === 'applied') {
      this.accept(mailbox, waiting, decision);
      return;
    }
    if (decision.outcome.kind === 'duplicate') this.freshen(mailbox, waiting.update, decision);
    this.log.settle(waiting, decision.outcome);
  }

  private accept(mailbox: Mailbox, waiting: Waiting, { next }: Decision): void {
    const accepted = { next, newest: waiting, superseded: [], receivedAtMs: waiting.sinceMs };
    mailbox.pending = fold(mailbox.pending, accepted, this.forget);
    mailbox.reflected = waiting.update;
    this.flusher.add(mailbox);
  }

  /** A duplicate proves the row fresh: noted in memory, written with the next change. */
  private freshen(mailbox: Mailbox, update: ScoreUpdate, { next }: Decision): void {
    if (mailbox.pending) mailbox.pending = { ...mailbox.pending, next };
    else if (mailbox.inFlight) mailbox.freshened = next;
    else mailbox.state = next;
    mailbox.reflected = update;
  }

  private committed(mailboxes: readonly Mailbox[], committedAtMs: number): void {
    const changes = mailboxes.map((mailbox) => this.commit(mailbox, mailbox.inFlight as Accepted));
    this.publisher.publish(changes, committedAtMs);
  }

  private commit(mailbox: Mailbox, accepted: Accepted) {
    const before = mailbox.state as MatchState;
    const after = { ...(mailbox.freshened ?? accepted.next), version: before.version + 1 };
    const events = mailbox.foreseen ?? deriveEvents(before, after, mailbox.goalIncidents);
    mailbox.state = after;
    mailbox.forgetAnswer();
    mailbox.unconfirmed = [];
    mailbox.lockedOut = 0;
    return { before, after, accepted, events };
  }

  private loaded(mailbox: Mailbox, row: MatchState | null): void {
    if (mailbox.phase === 'ready' && !mailbox.missed) return;
    if (!row) {
      this.park(mailbox);
      return;
    }
    if (mailbox.inFlight) this.resolveMiss(mailbox, mailbox.inFlight, row);
    else mailbox.state = row;
    mailbox.phase = 'ready';
    const waiting = mailbox.inbox;
    mailbox.inbox = [];
    if (mailbox.parked) this.judge(mailbox, this.again(mailbox.parked), true);
    mailbox.parked = null;
    for (const item of waiting) this.judge(mailbox, item, false);
  }

  /** No row: the newest update is parked until one appears. */
  private park(mailbox: Mailbox): void {
    const homeless = [...waitingIn(mailbox.inFlight), ...waitingIn(mailbox.pending), ...mailbox.inbox];
    mailbox.clearUnwritten();
    mailbox.inbox = [];
    mailbox.state = null;
    const newest = homeless.at(-1);
    const nowMs = this.clock.nowMs();
    if (newest) mailbox.parked = newest.update;
    mailbox.phase = 'unknown';
    for (const waiting of homeless) {
      this.log.judged(waiting.update, UNKNOWN_MATCH, null, nowMs);
      this.log.settle(waiting, UNKNOWN_MATCH);
    }
  }

  private resolveMiss(mailbox: Mailbox, missed: Accepted, row: MatchState): void {
    const known = mailbox.state as MatchState;
    const ours = mailbox.unconfirmed.find((write) => isOurWrite(row, known, write.next));
    const fenced = isFenced(row.providerTimeS, missed.next.providerTimeS);
    if (!ours && row.version === known.version && !fenced) {
      this.flusher.rest(mailbox);
      return;
    }
    const again = [missed, mailbox.pending].filter((accepted) => accepted !== null);
    mailbox.clearUnwritten();
    if (ours) this.publisher.publish([this.commit(mailbox, ours)], this.clock.nowMs());
    else this.adopt(mailbox, row);
    mailbox.unconfirmed = [];
    for (const accepted of again) if (accepted.newest !== ours?.newest) this.judgeAgain(mailbox, accepted);
  }

  /** Somebody else's row is what updates are judged against from now on; clients hear what they can see of it. */
  private adopt(mailbox: Mailbox, row: MatchState): void {
    const before = mailbox.state as MatchState;
    mailbox.state = foreignRow(row, before);
    this.publisher.publishForeign(before, mailbox.state);
  }

  private judgeAgain(mailbox: Mailbox, { newest, superseded }: Accepted): void {
    for (const waiting of superseded) this.log.settle(waiting, SUPERSEDED);
    this.judge(mailbox, newest, true);
  }

  /** What was accepted after the dead change may well be writable: it is judged against the row as it stays. */
  private dead(mailbox: Mailbox, error: unknown): void {
    const { inFlight, pending } = mailbox;
    mailbox.clearUnwritten();
    this.publisher.reportDead(mailbox.matchId, error);
    for (const waiting of waitingIn(inFlight)) this.log.settle(waiting, DEAD);
    if (pending) this.judgeAgain(mailbox, pending);
  }
}

/** The events depend on nothing the answer could tell. */
function foresee(mailboxes: readonly Mailbox[]): void {
  for (const mailbox of mailboxes) {
    const { state, inFlight, goalIncidents } = mailbox;
    if (state && inFlight) mailbox.foreseen = deriveEvents(state, inFlight.next, goalIncidents);
  }
}

/** As the statement sees it: a row with a provider time takes no change without one. */
function isFenced(rowS: number | null, writtenS: number | null): boolean {
  return rowS !== null && (writtenS === null || rowS > writtenS);
}

function hasScore(update: MatchUpdate): update is ScoreUpdate {
  return update.score !== undefined;
}

function waitingIn(accepted: Accepted | null): readonly Waiting[] {
  return accepted ? [...accepted.superseded, accepted.newest] : [];
}
