import type { Decision, GuardContext, ScoreUpdate } from '../domain/decide.js';
import { acceptedAfterAll, asked, hear } from '../domain/hear.js';
import { type Heard, NOTHING_HEARD } from '../domain/heard.js';
import type { MatchState } from '../domain/match-state.js';
import type { Outcome } from '../domain/outcome.js';
import { isAccepted } from '../domain/outcomes.js';
import { isWordOfTheFeed, toJudgeAgain } from '../domain/second-look.js';
import { type Ask, whenToAsk } from '../domain/when-to-ask.js';
import type { Clock } from '../kernel/clock.js';
import type { GuardCircumstances } from './guard-circumstances.js';
import type { LookupRequests } from './lookup-requests.js';
import type { Waiting } from './waiting.js';

/** Whom the hearing of a match turns to. */
export interface HearingNeighbours {
  readonly clock: Clock;
  readonly circumstances: GuardCircumstances;
  readonly lookups: LookupRequests;
  /** who knows what is due, and calls `ask` */
  readonly questions: {
    plan(hearing: Hearing, dueMs: number | null): void;
  };
}

/** Remembers what was heard of one match beside its row, and asks the provider about it. */
export class Hearing {
  private now: Heard = NOTHING_HEARD;
  private isPlanned = false;

  constructor(
    private readonly matchId: string,
    private readonly around: HearingNeighbours,
    /** what the next update is judged against; null when nothing is known */
    private readonly base: () => MatchState | null,
  ) {}

  get heard(): Heard {
    return this.now;
  }

  /** An update was judged. What was `judged` before was not heard just now: it is judged again for our own sake. @returns the decision */
  noted(waiting: Waiting, decision: Decision, base: MatchState, context: GuardContext): Decision {
    if (!waiting.judged) this.now = hear(this.now, waiting.update, decision.outcome, base, context);
    waiting.judged = true;
    return decision;
  }

  /** The refused push that may be newer than an answer that was taken; null when there is none. */
  newerThan(pull: ScoreUpdate): ScoreUpdate | null {
    return toJudgeAgain(this.now, pull, this.circumstances(true));
  }

  /** The newest push was judged once more: it may be in the row after all. */
  judgedAgain(outcome: Outcome): void {
    if (isAccepted(outcome)) this.now = acceptedAfterAll(this.now);
  }

  /** The refused push that says what somebody else wrote; null when there is none. */
  saidBy(row: MatchState): ScoreUpdate | null {
    return isWordOfTheFeed(this.now, row) ? (this.now.newest?.update ?? null) : null;
  }

  /** When to ask the provider depends on what was heard and on the row: looked at whenever one of them may have changed. */
  plan(): void {
    if (!this.now.question && !this.isPlanned) return;
    const dueMs = this.question()?.dueMs ?? null;
    this.isPlanned = dueMs !== null;
    this.around.questions.plan(this, dueMs);
  }

  /** Asks the provider about what was refused, and again later for as long as that is not answered. */
  ask(): void {
    const question = this.question();
    if (!question) return;
    this.around.lookups.ask(this.matchId, question.notBeforeMs);
    this.now = asked(this.now, this.around.clock.nowMs());
    this.plan();
  }

  end(): void {
    this.around.questions.plan(this, null);
  }

  private question(): Ask | null {
    const base = this.now.question && this.base();
    return base ? whenToAsk(this.now, base, this.circumstances(false)) : null;
  }

  private circumstances(waited: boolean): GuardContext {
    return this.around.circumstances.at(this.matchId, this.around.clock.nowMs(), this.now, waited);
  }
}
