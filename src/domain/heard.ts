import type { MatchStatus } from './match-status.js';
import type { ScoreUpdate } from './match-update.js';
import { type Sides, sameSlots } from './score.js';

/** What a report says, apart from kick-off and time. */
export interface Content extends Sides {
  readonly status: MatchStatus;
}

/** A push as it is remembered; corners that it did not have are the known ones. */
export interface HeardPush extends Content {
  /** our clock, unix ms */
  readonly receivedAtMs: number;
}

/** An end as it is remembered: `receivedAtMs` is the newest receipt. */
export interface HeardEnd extends HeardPush {
  /** of those that told it one after the other, our clock, unix ms; each of them may be judged again */
  readonly firstReceivedAtMs: number;
}

/** The newest push, with what is needed to judge it once more. */
export interface NewestPush extends HeardPush {
  readonly update: ScoreUpdate;
  readonly refused: boolean;
}

/** The longest pause between two requests about one match, in lags of the provider's cache: five doublings. */
export const LONGEST_PAUSE = 2 ** 5;

/** A refused push that the provider has not answered yet. All times by our clock, unix ms. */
export interface Question {
  /** receipt of the newest refused push */
  readonly openAtMs: number;
  /** when the provider was first asked since the question was opened; null before */
  readonly firstAskedAtMs: number | null;
  /** when the provider was asked last */
  readonly askedAtMs: number | null;
}

/** Refusals of a match without anything accepted or confirmed between them, equal content or not. */
export interface Refusals {
  /** receipt of the first, our clock, unix ms */
  readonly sinceMs: number;
  readonly count: number;
}

/** What is remembered of a match beside its state, in memory: everything in it is bounded. */
export interface Heard {
  /** the newest received push, also one that stays out of the run */
  readonly newest: NewestPush | null;
  /** the last push that was accepted, or a duplicate */
  readonly accepted: HeardPush | null;
  /** Consecutive refused pushes, each following the one before; empty when the last push was accepted. */
  readonly run: readonly HeardPush[];
  /** the last contents out of play (status 8 and above) that were accepted by push, newest last */
  readonly ends: readonly HeardEnd[];
  readonly question: Question | null;
  /** when the newest answer that listed the match was requested, our clock, unix ms */
  readonly listedAtMs: number | null;
  readonly refusals: Refusals | null;
}

export const NOTHING_HEARD: Heard = Object.freeze({
  newest: null,
  accepted: null,
  run: [],
  ends: [],
  question: null,
  listedAtMs: null,
  refusals: null,
});

export function sameContent(a: Content, b: Content): boolean {
  return a.status === b.status && sameSlots(a.home, b.home) && sameSlots(a.away, b.away);
}

/** Is `later` of the same or a later status than `earlier`, with no count below it? */
export function follows(later: Content, earlier: Content): boolean {
  return (
    later.status >= earlier.status &&
    later.home.every((count, slot) => count >= (earlier.home[slot] as number)) &&
    later.away.every((count, slot) => count >= (earlier.away[slot] as number))
  );
}

const MAX_RUN = 64;

/** The run with one more refused push. A long one keeps its beginning. */
export function continueRun(run: readonly HeardPush[], push: HeardPush): readonly HeardPush[] {
  const last = run.at(-1);
  if (!last || !follows(push, last)) return [push];
  return run.length < MAX_RUN ? [...run, push] : [...run.slice(0, 1), ...run.slice(2), push];
}

function isAhead({ newest, accepted, question, listedAtMs }: Heard, nowMs: number): boolean {
  if ((newest?.receivedAtMs ?? nowMs) > nowMs || (accepted?.receivedAtMs ?? nowMs) > nowMs) return true;
  return (question?.askedAtMs ?? nowMs) > nowMs || (listedAtMs ?? nowMs) > nowMs;
}

/** A remembered time that lies in the future, after a clock was set back, is worth now. */
export function notAhead(heard: Heard, nowMs: number): Heard {
  if (!isAhead(heard, nowMs)) return heard;
  const { newest, accepted, question, refusals } = heard;
  const cap = (time: number) => Math.min(time, nowMs);
  const capped = <P extends HeardPush>(push: P): P => ({ ...push, receivedAtMs: cap(push.receivedAtMs) });
  return {
    ...heard,
    newest: newest && capped(newest),
    accepted: accepted && capped(accepted),
    run: heard.run.map(capped),
    question: question && {
      openAtMs: cap(question.openAtMs),
      firstAskedAtMs: question.firstAskedAtMs === null ? null : cap(question.firstAskedAtMs),
      askedAtMs: question.askedAtMs === null ? null : cap(question.askedAtMs),
    },
    listedAtMs: heard.listedAtMs === null ? null : cap(heard.listedAtMs),
    refusals: refusals && { ...refusals, sinceMs: cap(refusals.sinceMs) },
  };
}
