import { type Case, isFeed } from './guard-case.js';
import { rememberKickoffs } from './kickoffs.js';
import type { Kickoffs, MatchState } from './match-state.js';
import { MatchStatus } from './match-status.js';
import type { Outcome } from './outcome.js';
import * as outcomes from './outcomes.js';
import { supersede } from './supersede.js';

/** Refused as old, and of this match all the same. */
const OLD: ReadonlySet<Outcome> = new Set([
  outcomes.OVERTAKEN,
  outcomes.OLDER_KICKOFF,
  outcomes.EARLIER_PERIOD,
  outcomes.PERIOD_ALREADY_LEFT,
  outcomes.ENDED,
]);

/**
 * A report that is too old to be told still knows kick-offs: the state takes those that it has none of. One that has not
 * begun takes none: they may be of before the match began again.
 * @returns null when there is nothing to learn
 */
export function lateKickoffs({ state, update, context }: Case, refusal: Outcome): MatchState | null {
  const { kickoffs: known, status, home, away } = state;
  if (!OLD.has(refusal) || !isFeed(update) || status === MatchStatus.NotStarted || !lacksKickoff(known)) return null;
  const asTheRow = { ...update, carried: undefined, score: { status, home, away, periodKickoffS: null } };
  const { kickoffs, sources } = rememberKickoffs(state, supersede(update, asTheRow), context);
  const addsOnly = PERIODS.every((at) => known[at] === null || known[at] === kickoffs[at]);
  const isNews = PERIODS.some((at) => known[at] !== kickoffs[at]);
  return isNews && addsOnly && inOrder(kickoffs) ? { ...state, kickoffs, kickoffSources: sources } : null;
}

const PERIODS: readonly (keyof Kickoffs)[] = ['firstHalfS', 'secondHalfS', 'overtimeS'];

function lacksKickoff({ firstHalfS, secondHalfS, overtimeS }: Kickoffs): boolean {
  return firstHalfS === null || secondHalfS === null || overtimeS === null;
}

function inOrder(kickoffs: Kickoffs): boolean {
  const known = PERIODS.map((at) => kickoffs[at]).filter((atS) => atS !== null);
  return known.every((atS, n) => n === 0 || atS > (known[n - 1] as number));
}
