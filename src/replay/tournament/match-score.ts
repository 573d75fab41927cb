import { asObject, asPair, type JsonObject } from './json-value.js';
import { countUntil, type ListedGoal } from './listed-goal.js';
import type { Pair, PlayedMatch } from './tournament.js';

/** What a match of the file says about its score; every part may be missing. */
export interface StatedScore {
  readonly halfTime: Pair | null;
  readonly fullTime: Pair | null;
  readonly afterExtraTime: Pair | null;
  readonly shootout: Pair | null;
}

/**
 * Reads `score: { ht, ft, et, p }`, `score: [2, 1]`, `score: "2-1"` and the flat keys of older files
 * (`score1`, `score1i` for half-time, `score1et`, `score1p`).
 */
export function readStatedScore(match: JsonObject): StatedScore {
  const score = asObject(match.score);
  return {
    halfTime: asPair(score?.ht) ?? flatPair(match, 'i'),
    fullTime: asPair(score?.ft) ?? asPair(match.score) ?? flatPair(match, ''),
    afterExtraTime: asPair(score?.et) ?? flatPair(match, 'et'),
    shootout: asPair(score?.p) ?? flatPair(match, 'p'),
  };
}

function flatPair(match: JsonObject, suffix: string): Pair | null {
  return asPair([match[`score1${suffix}`], match[`score2${suffix}`]]);
}

export type CompleteScore = Pick<PlayedMatch, 'halfTime' | 'fullTime' | 'afterExtraTime' | 'shootout'>;

/**
 * Fills what the file leaves out, from the goal lists; what the file states is the authority. Cumulative scores never
 * fall: a half-time score above the final one is cut to it. Null when nothing says that the match was played.
 */
export function completeScore(stated: StatedScore, listed: readonly ListedGoal[]): CompleteScore | null {
  const total = stated.afterExtraTime ?? stated.fullTime ?? totalWithoutScore(stated, listed);
  if (!total) return null;
  const extraTime = stated.afterExtraTime ?? extraTimeWithoutScore(stated, listed);
  const fullTime = smaller(stated.fullTime ?? fullTimeBefore(extraTime, listed) ?? total, extraTime ?? total);
  const halfTime = smaller(stated.halfTime ?? countUntil(listed, 'first-half'), fullTime);
  return { halfTime, fullTime, afterExtraTime: extraTime, shootout: shootoutOf(stated) };
}

function totalWithoutScore(stated: StatedScore, listed: readonly ListedGoal[]): Pair | null {
  if (listed.length > 0) return larger(countUntil(listed, 'extra-time'), stated.halfTime ?? [0, 0]);
  return stated.halfTime ?? (stated.shootout ? [0, 0] : null);
}

/** Without any score: goals after the 90th minute of a draw mean extra time, of anything else stoppage time. */
function extraTimeWithoutScore(stated: StatedScore, listed: readonly ListedGoal[]): Pair | null {
  if (stated.fullTime) return null;
  const [home, away] = countUntil(listed, 'second-half');
  const total = countUntil(listed, 'extra-time');
  return home === away && total[0] + total[1] > home + away ? larger(total, stated.halfTime ?? [0, 0]) : null;
}

/** A match goes to extra time at a draw; with goals listed, their minutes say at which. */
function fullTimeBefore(extraTime: Pair | null, listed: readonly ListedGoal[]): Pair | null {
  if (!extraTime) return null;
  const counted = countUntil(listed, 'second-half');
  const isComplete = listed.length === extraTime[0] + extraTime[1];
  const draw = Math.min(...(isComplete ? counted : extraTime));
  return isComplete ? counted : [draw, draw];
}

/** A shoot-out has a winner; anything else is not one. */
function shootoutOf({ shootout }: StatedScore): Pair | null {
  return shootout && shootout[0] !== shootout[1] ? shootout : null;
}

function smaller(a: Pair, b: Pair): Pair {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
}

function larger(a: Pair, b: Pair): Pair {
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
}
