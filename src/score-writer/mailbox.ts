import { type Decision, decide, type ScoreUpdate } from '../domain/decide.js';
import type { MatchState } from '../domain/match-state.js';
import type { Incident } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { DEAD, DUPLICATE, SUPERSEDED } from '../domain/outcomes.js';
import { type Accepted, carriedOn, fold, waitingIn } from './accepted.js';
import { arrive, NO_ARRIVALS } from './arrivals.js';
import type { Commit } from './commit.js';
import { foreignRow, isHeardElsewhere, isRevert, mayBeOlder } from './foreign-row.js';
import { Hearing } from './hearing.js';
import { baseOf, type MailboxContents, NOTHING_KNOWN, waitingOf } from './mailbox-contents.js';
import type { MailboxNeighbours } from './mailbox-neighbours.js';
import { causeOfMiss } from './miss-cause.js';
import { NOTHING_PARKED, park } from './parking.js';
import type { ScoreWrite } from './ports/score-store.js';
import * as unwritten from './unwritten.js';
import { repeatOf, type Waiting } from './waiting.js';

/**
 * A mailbox holds what is accepted and unwritten of one match, and judges what comes. Only its own methods change it, by `set`:
 * the others tell it facts.
 *
 * | phase | `submit` | `rowLoaded` | `rowLoaded(null)` |
 * |---|---|---|---|
 * | `new`, `unknown` | arrives; the row is asked for; → `loading` | judges what is parked; → `ready` | → `unknown` |
 * | `loading` | arrives | judges what is parked, then what arrived; → `ready` | parks all of it; → `unknown` |
 * | `ready` | is judged at once | only after a miss, see below | parks all that is unwritten; → `unknown` |
 *
 * | in flight | pending | fact | what follows |
 * |---|---|---|---|
 * | any | any | an update is accepted | it is pending, what was pending folded under it |
 * | none | some | `send` | what is pending is in flight |
 * | some | any | `committed` | what is in flight is the row, nothing is unconfirmed; what is pending goes next |
 * | some | any | `failed` | what is in flight is folded under what is pending |
 * | some | any | `answerLost` | the same, and it is unconfirmed, with at most 15 others |
 * | some | any | `dead` | what is in flight is told so; what is pending is judged again |
 * | some | any | `missed`, the row is as it was | somebody holds its lock: as `failed`, and rests |
 * | some | any | `missed`, the row is as an unconfirmed write left it | that one is committed; the others are judged again |
 * | some or none | any | `missed`, the row is another; `rowDiffers` | adopted; the unwritten, and what the row reflected, is judged again |
 *
 * `discard`, from anywhere, retires it: what is not under way meets its fate at once, what is under way when the statement
 * comes to nothing. A commit is told all the same. Rows that are loaded later change nothing.
 */
export class Mailbox {
  /** what was heard of the match beside its row: dropped with the mailbox */
  readonly hearing: Hearing;
  private now: MailboxContents = NOTHING_KNOWN;
  private readonly row = (): MatchState => this.now.row as MatchState;
  private readonly nowMs = (): number => this.around.clock.nowMs();
  private readonly forget = (waiting: Waiting): void => this.around.log.conclude(waiting, SUPERSEDED);

  constructor(
    readonly matchId: string,
    private readonly around: MailboxNeighbours<Mailbox>,
  ) {
    this.hearing = new Hearing(matchId, around, () => baseOf(this.now));
  }

  get contents(): MailboxContents {
    return this.now;
  }

  noteGoals(goalIncidents: readonly Incident[]): void {
    this.set({ goalIncidents });
  }

  submit(waiting: Waiting): void {
    if (this.now.phase === 'ready') this.judge(waiting);
    else this.set(arrive(this.now, waiting, this.forget));
    this.needRow();
  }

  needRow(): void {
    if (this.now.phase === 'loading' || this.now.phase === 'ready') return;
    this.set({ phase: 'loading' });
    this.around.rows.request(this);
  }

  /** @param atS our clock, unix seconds */
  send(atS: number): ScoreWrite {
    this.set(unwritten.send(this.now, this.now.goalIncidents));
    return unwritten.toWrite(this.now, this.row(), atS);
  }

  /** The statement is on its way: time to prepare what follows it. */
  statementSent(): void {
    this.set(unwritten.foresee(this.now, this.row()));
  }

  committed(): Commit {
    const commit = this.commit(this.now.inFlight?.accepted);
    this.wantFlush();
    this.now.retired?.left();
    return commit;
  }

  missed(): void {
    this.set(unwritten.miss(this.now));
    if (this.now.retired) this.giveUp(this.now.retired.fate);
    else this.around.rows.request(this);
  }

  failed(): void {
    if (this.now.retired) this.giveUp(this.now.retired.fate);
    else this.set(unwritten.putBack(this.now, this.forget));
    this.wantFlush();
  }

  answerLost(): void {
    this.set(unwritten.withDoubt(this.now));
    this.failed();
  }

  dead(error: unknown): void {
    const { pending } = this.now;
    this.set({ pending: null });
    this.around.reports.dead(this.matchId, error);
    this.giveUp(DEAD);
    if (pending) this.judgeAgain(pending);
  }

  rowLoaded(row: MatchState | null): void {
    const { phase, inFlight, retired } = this.now;
    if (retired || (phase === 'ready' && !inFlight?.isMissed)) return;
    this.set({ phase: row ? 'ready' : 'unknown' });
    if (!row) this.parkAll();
    else if (inFlight) this.resolveMiss(inFlight.accepted, row);
    else this.set({ row });
    if (row) this.judgeArrived();
  }

  rowDiffers(row: MatchState): void {
    const before = this.row();
    const waited = isHeardElsewhere(row, [before]);
    this.adopt(row);
    if (mayBeOlder(row, before)) this.judgeReflected(row, waited);
  }

  /** @param left called when the statement under way is answered @returns how many updates met `fate` at once */
  discard(fate: Outcome, left: () => void): number {
    this.around.rows.drop(this);
    this.around.flushes.drop(this);
    this.hearing.end();
    const inFlight = this.now.inFlight?.isMissed ? null : this.now.inFlight;
    const homeless = waitingOf({ ...this.now, inFlight: inFlight ? null : this.now.inFlight });
    this.set({ retired: { fate, left }, pending: null, inFlight, ...NO_ARRIVALS });
    for (const waiting of homeless) this.around.log.conclude(waiting, fate);
    return homeless.length;
  }

  /** @param waited something newer may have been written since the update came */
  private judge(waiting: Waiting, waited = waiting.waited): Outcome {
    const base = baseOf(this.now) as MatchState;
    const { outcome, next } = this.decide(base, waiting, waited);
    this.around.log.judged(waiting.update, outcome, base, this.nowMs());
    const isApplied = outcome.kind === 'applied';
    if (!isApplied && next !== base)
      this.set(base === this.now.row ? { row: next } : unwritten.freshen(this.now, next));
    if (outcome === DUPLICATE) this.set({ reflected: waiting.update });
    waiting.fate = isApplied ? SUPERSEDED : outcome;
    if (isApplied) this.accept(waiting, next);
    else this.join([waiting]);
    if (isApplied && waiting.update.delivery === 'pull') this.lookAgain(waiting.update);
    this.hearing.plan();
    return outcome;
  }

  /** The one place that asks the guard. */
  private decide(base: MatchState, waiting: Waiting, waited: boolean): Decision {
    const context = this.around.circumstances.at(this.nowMs(), this.hearing.heard, waited);
    const decision = decide(base, waiting.update, context);
    this.hearing.note(waiting, decision.outcome, base, context);
    return decision;
  }

  /** A push that was refused may be newer than the answer that is now taken. */
  private lookAgain(pull: ScoreUpdate): void {
    const again = this.hearing.newerThan(pull);
    const kind = again && this.judge(repeatOf(again, this.nowMs()), true).kind;
    if (kind === 'applied' || kind === 'duplicate') this.hearing.acceptedAfterAll();
  }

  private accept(waiting: Waiting, next: MatchState): void {
    const accepted = { next, newest: waiting, joined: [], receivedAtMs: waiting.sinceMs, incidents: null };
    this.set({ pending: fold(this.now.pending, accepted, this.forget), reflected: waiting.update });
    this.wantFlush();
  }

  /** A change that was not written: its newest update against the row as it is, with everybody who waited for it. */
  private judgeAgain({ newest, joined }: Accepted, waited = false): void {
    this.judge(newest, waited || newest.waited);
    this.join(joined);
  }

  private join(contained: readonly Waiting[]): void {
    this.set(unwritten.join(this.now, contained, (waiting) => this.around.log.conclude(waiting, waiting.fate)));
  }

  private judgeArrived(): void {
    const { parked, inbox, overtaken } = this.now;
    this.set({ ...NOTHING_PARKED, ...NO_ARRIVALS });
    if (parked) this.judge({ ...parked, sinceMs: this.nowMs() }, true);
    for (const waiting of inbox) this.judge(waiting);
    this.join(overtaken);
  }

  private parkAll(): void {
    const homeless = waitingOf(this.now);
    this.set({ row: null, ...unwritten.NOTHING_UNWRITTEN, ...NO_ARRIVALS });
    for (const waiting of homeless) {
      const judge = (imagined: MatchState) => this.decide(imagined, waiting, false);
      const { outcome, parking } = park(this.now, waiting, this.nowMs(), judge);
      this.set(parking);
      if (waiting.replay || waiting.final) continue;
      this.around.log.judged(waiting.update, outcome, null, this.nowMs());
      this.around.log.conclude(waiting, outcome);
    }
  }

  private resolveMiss(missed: Accepted, row: MatchState): void {
    const cause = causeOfMiss(row, this.row(), missed, this.now);
    if (cause.kind === 'locked') {
      this.set({ ...unwritten.putBack(this.now, this.forget), lockedOut: this.now.lockedOut + 1 });
      this.around.flushes.rest(this, this.now.lockedOut);
      return;
    }
    this.set(unwritten.NOTHING_UNWRITTEN);
    if (cause.kind === 'written') this.around.flushes.publish([this.commit(cause.write)]);
    else this.adopt(row);
    const { reflected } = this.now;
    const isJudged = cause.kind === 'written' || reflected === cause.others.at(-1)?.newest.update;
    for (const accepted of carriedOn(cause.others)) this.judgeAgain(accepted, cause.waited);
    if (!isJudged) this.judgeReflected(row, cause.waited);
  }

  /** What the row reflected is judged against the row of somebody else, unless that says what the feed said last. */
  private judgeReflected(row: MatchState, waited: boolean): void {
    const said = this.hearing.saidBy(row);
    if (said) this.set({ reflected: said });
    const { reflected } = this.now;
    if (reflected && !said) this.judge(repeatOf(reflected, this.nowMs()), waited);
  }

  /** Somebody else's row is what updates are judged against from now on. */
  private adopt(row: MatchState): void {
    const before = this.row();
    const adopted = foreignRow(row, before);
    this.set({ row: adopted, reflected: isRevert(row, before) ? null : this.now.reflected });
    this.around.reports.foreignChange(before, adopted);
  }

  private commit(accepted: Accepted | undefined): Commit {
    const commit = unwritten.commitOf(accepted, this.row(), this.now.inFlight);
    this.set({ row: commit.after, inFlight: null, unconfirmed: [], lockedOut: 0 });
    return commit;
  }

  /** The statement came to nothing. */
  private giveUp(outcome: Outcome): void {
    const lost = waitingIn(this.now.inFlight?.accepted);
    this.set({ inFlight: null });
    this.now.retired?.left();
    for (const waiting of lost) this.around.log.conclude(waiting, outcome);
  }

  private wantFlush(): void {
    if (this.now.pending && !this.now.inFlight) this.around.flushes.add(this);
  }

  /** Nothing else changes a mailbox. */
  private set(change: Partial<MailboxContents>): void {
    this.now = { ...this.now, ...change };
  }
}
