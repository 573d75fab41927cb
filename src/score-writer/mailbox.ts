import { type Decision, decide } from '../domain/decide.js';
import type { MatchState } from '../domain/match-state.js';
import type { Incident } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { DEAD, DUPLICATE, isRefused, KICKOFF_LEARNT, SUPERSEDED } from '../domain/outcomes.js';
import { carryingState } from '../domain/supersede.js';
import { type Accepted, acceptedOf, fold, waitingIn } from './accepted.js';
import { adoption, knownRow, verdictOn } from './adoption.js';
import { arrive, inTurn, NO_ARRIVALS } from './arrivals.js';
import type { Commit } from './commit.js';
import { type ForeignVerdict, isHeardElsewhere, mayBeOlder } from './foreign-row.js';
import { Hearing } from './hearing.js';
import { baseOf, isIdle, type MailboxContents, NOTHING_KNOWN, retire, rowOf, waitingOf } from './mailbox-contents.js';
import type { MailboxNeighbours } from './mailbox-neighbours.js';
import { causeOfMiss } from './miss-cause.js';
import { NOTHING_PARKED, park } from './parking.js';
import type { ScoreWrite } from './ports/score-store.js';
import * as unwritten from './unwritten.js';
import { repeatOf, type Waiting } from './waiting.js';

/**
 * A mailbox holds what is accepted and unwritten of one match, and judges what comes. Only its own methods change it, by `set`:
 * the others tell it facts. {@link MailboxContents} is the complete machine.
 */
export class Mailbox {
  /** what was heard of the match beside its row: dropped with the mailbox */
  readonly hearing: Hearing;
  readonly contents: MailboxContents = { ...NOTHING_KNOWN };
  private readonly now = this.contents;

  constructor(
    readonly matchId: string,
    private readonly around: MailboxNeighbours<Mailbox>,
  ) {
    this.hearing = new Hearing(matchId, around, () => baseOf(this.now));
  }

  noteGoals(goalIncidents: readonly Incident[]): void {
    this.set({ goalIncidents });
  }

  submit(waiting: Waiting): void {
    if (this.now.phase === 'ready') this.judge(waiting);
    else this.set(arrive(this.now, waiting, this.around.log.superseded));
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
    return unwritten.toWrite(this.now, rowOf(this.now), atS);
  }

  /** The statement is on its way: time to prepare what follows it. */
  statementSent(): void {
    this.set(unwritten.foresee(this.now, rowOf(this.now)));
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
    else this.set(unwritten.putBack(this.now, this.around.log.superseded));
    this.wantFlush();
  }

  answerLost(): void {
    this.set(unwritten.withDoubt(this.now));
    this.failed();
  }

  dead(error: unknown): void {
    const { pending, inFlight } = this.now;
    this.set({ pending: null });
    this.around.reports.dead(this.matchId, error);
    this.giveUp(DEAD);
    if (pending) this.judgeAgain(pending, inFlight?.accepted.next ?? rowOf(this.now));
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

  rowDiffers(row: MatchState, verdict: ForeignVerdict): void {
    const before = this.adopt(row, verdict);
    if (verdict === 'elsewhere' && mayBeOlder(row, before)) this.judgeReflected(row, isHeardElsewhere(row, [before]));
  }

  /** Somebody else erased it: of a row that waits to be written the minute goes along anyway. */
  minuteIsMissing(): void {
    if (this.now.row && isIdle(this.now)) this.set({ row: { ...this.now.row, minute: null } });
  }

  /** What becomes of a row that is not as it is known. */
  verdictOn(row: MatchState): ForeignVerdict {
    return verdictOn(this.now, row, this.hearing.heard, this.around.authorities, this.around.clock.nowMs());
  }

  /** @param left called when the statement under way is answered @returns how many updates met `fate` at once */
  discard(fate: Outcome, left: () => void): number {
    this.around.rows.drop(this);
    this.around.flushes.drop(this);
    this.hearing.end();
    const { change, homeless } = retire(this.now, { fate, left });
    this.set(change);
    for (const waiting of homeless) this.around.log.conclude(waiting, fate);
    return homeless.length;
  }

  private judge(waiting: Waiting, waited = waiting.waited): Outcome {
    const base = baseOf(this.now) as MatchState;
    const { outcome, next } = this.decide(base, waiting, waited);
    this.around.log.judged(waiting.update, outcome, base, this.around.clock.nowMs());
    const isApplied = outcome.kind === 'applied';
    const isChange = isApplied && !(outcome === KICKOFF_LEARNT && this.now.pending);
    waiting.fate = isApplied ? SUPERSEDED : outcome;
    if (outcome === DUPLICATE || (isApplied && outcome !== KICKOFF_LEARNT)) this.set({ reflected: waiting.update });
    if (isChange) this.accept(waiting, next);
    else if (next !== base) this.set(base === this.now.row ? { row: next } : unwritten.freshen(this.now, next));
    if (!isChange) this.join([waiting]);
    this.hearing.plan();
    return outcome;
  }

  /** The one place that asks the guard. */
  private decide(base: MatchState, waiting: Waiting, waited = waiting.waited): Decision {
    const context = this.around.circumstances.at(this.matchId, this.around.clock.nowMs(), this.hearing.heard, waited);
    return this.hearing.noted(waiting, decide(base, waiting.update, context), base, context);
  }

  private accept(waiting: Waiting, next: MatchState): void {
    this.set({ pending: fold(this.now.pending, acceptedOf(waiting, next), this.around.log.superseded) });
    this.wantFlush();
    const again = waiting.update.delivery === 'pull' ? this.hearing.newerThan(waiting.update) : null;
    if (again) this.hearing.judgedAgain(this.judge(repeatOf(again, this.around.clock.nowMs()), true));
  }

  /** A change that was not written, accepted on `before`: its newest update carries on what was folded under it. */
  private judgeAgain({ next, newest, joined }: Accepted, before: MatchState, waited = false): void {
    newest.update = carryingState(newest.update, before, next);
    this.judge(newest, waited || newest.waited);
    this.join(joined);
  }

  private join(contained: readonly Waiting[]): void {
    this.set(unwritten.join(this.now, contained, (one) => this.around.log.conclude(one, one.fate)));
  }

  private judgeArrived(): void {
    const { parked, inbox, overtaken } = this.now;
    this.set({ ...NOTHING_PARKED, ...NO_ARRIVALS });
    if (parked) this.judge({ ...parked, sinceMs: this.around.clock.nowMs() }, true);
    inTurn(inbox, (waiting) => this.judge(waiting).kind === 'applied');
    this.join(overtaken);
  }

  private parkAll(): void {
    const homeless = waitingOf(this.now);
    this.set({ row: null, ...unwritten.NOTHING_UNWRITTEN, ...NO_ARRIVALS });
    for (const waiting of homeless) {
      const nowMs = this.around.clock.nowMs();
      const { outcome, parking } = park(this.now, waiting, nowMs, (imagined) => this.decide(imagined, waiting));
      this.set(parking);
      this.around.log.parked(waiting, outcome, nowMs);
    }
  }

  private resolveMiss(missed: Accepted, row: MatchState): void {
    const before = knownRow(this.now);
    const cause = causeOfMiss(row, before, missed, this.now);
    if (cause.kind === 'locked') {
      this.set({ ...unwritten.putBack(this.now, this.around.log.superseded), lockedOut: this.now.lockedOut + 1 });
      this.around.flushes.rest(this, this.now.lockedOut);
      return;
    }
    this.set(unwritten.NOTHING_UNWRITTEN);
    const verdict = cause.kind === 'written' ? null : this.verdictOn(row);
    if (cause.kind === 'written') this.around.flushes.publish([this.commit(cause.write)]);
    if (verdict) this.adopt(row, verdict);
    const isJudged = verdict !== 'elsewhere' || this.now.reflected === cause.others.at(-1)?.newest.update;
    for (const accepted of cause.others) this.judgeAgain(accepted, before, cause.waited);
    if (!isJudged) this.judgeReflected(row, cause.waited);
  }

  /** What the row reflected is judged against the row of somebody else, unless that says what the feed said last. */
  private judgeReflected(row: MatchState, waited: boolean): void {
    const { reflected } = this.now;
    const said = this.hearing.saidBy(row);
    if (said) this.set({ reflected: said });
    else if (reflected && isRefused(this.judge(repeatOf(reflected, this.around.clock.nowMs()), waited)))
      this.around.lookups.contradicted(rowOf(this.now), this.around.clock.nowMs());
  }

  /** @returns the row as it was known */
  private adopt(row: MatchState, verdict: ForeignVerdict): MatchState {
    const told = rowOf(this.now);
    const nowMs = this.around.clock.nowMs();
    const { change, known, again } = adoption(this.now, row, verdict, this.hearing.saidBy(row), nowMs);
    this.set(change);
    this.around.reports.foreignChange(told, rowOf(this.now), verdict);
    if (again) this.set({ pending: fold(this.now.pending, again, this.around.log.superseded) });
    this.wantFlush();
    return known;
  }

  private commit(accepted: Accepted | undefined): Commit {
    const commit = unwritten.commitOf(accepted, rowOf(this.now), this.now.inFlight);
    this.set({ row: commit.after, truth: null, inFlight: null, unconfirmed: [], lockedOut: 0 });
    return commit;
  }

  private giveUp(outcome: Outcome): void {
    const lost = waitingIn(this.now.inFlight?.accepted);
    this.set({ inFlight: null });
    this.now.retired?.left();
    for (const waiting of lost) this.around.log.conclude(waiting, outcome);
  }

  private wantFlush(): void {
    if (this.now.pending && !this.now.inFlight) this.around.flushes.add(this);
  }

  /** Nothing else changes a mailbox. In place: a copy for every fact would cost more than the guard. */
  private set(change: Partial<MailboxContents>): void {
    Object.assign(this.now, change);
  }
}
