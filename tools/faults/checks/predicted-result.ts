import { MatchStatus } from '../../../src/domain/match-status.js';
import { PREDICTED } from '../../../src/replay/verify/predictions.js';
import type { PredictionResult, StoredScore } from '../parts/match-database.js';

type State = Pick<StoredScore, 'status' | 'home' | 'away'> & { readonly source?: string };
type Goals = readonly [home: number, away: number];

/** An answer of the provider, or an operator. */
const WHOSE_WORD_COUNTS: ReadonlySet<string | undefined> = new Set(['api', 'admin', 'revert']);

/** So many more goals of each side are tried: enough to equal any score of a match. */
const FURTHER = Array.from({ length: 20 }, (_, goals) => goals);

/**
 * What a state makes of a prediction, by what was committed up to it: a match that nobody saw played decides nothing, and a
 * half whose half-time cannot be believed decides what its play did.
 * @param committed states of the journal, the newest one last
 */
export function expectedResult(prediction: string, state: State, committed: readonly State[]): PredictionResult {
  if (!wasSeenPlayed(committed)) return 'pending';
  const isOfHalf = PREDICTED[prediction]?.slot === 1;
  return resultOf(prediction, (isOfHalf && halfInDoubt(committed)) || state);
}

/**
 * The newest state of the first half, as long as no later one tells a half-time that can be believed: below what was committed
 * in the half it may not be filled yet, unless that was seen taken back, or the provider was asked.
 */
function halfInDoubt(committed: readonly State[]): State | null {
  let half: State | null = null;
  for (const state of committed) {
    if (state.status === MatchStatus.FirstHalf) half = state;
    else if (isOver(1, state.status) && (!half || tellsHalfTime(state, half))) return null;
  }
  return half;
}

function tellsHalfTime(state: State, half: State): boolean {
  const [before, halfTime, now] = [goalsOfPeriod(0, half), goalsOfPeriod(1, state), goalsOfPeriod(0, state)];
  if (!before || !halfTime || !now) return false;
  if (state.status === MatchStatus.HalfTime) return halfTime.join('-') === now.join('-');
  if (WHOSE_WORD_COUNTS.has(state.source)) return true;
  return !isBelow(halfTime, before) || isBelow(now, before);
}

/** Has either side fewer goals than there? */
function isBelow(goals: Goals, others: Goals): boolean {
  return goals[0] < others[0] || goals[1] < others[1];
}

/**
 * What a state of the match makes of a prediction. A period that is over decides everything; one that is played decides what
 * no further goal of either side can change.
 */
export function resultOf(prediction: string, state: State): PredictionResult {
  const market = PREDICTED[prediction];
  if (!market) throw new Error(`no prediction of a round is "${prediction}"`);
  const goals = goalsOfPeriod(market.slot, state);
  if (!goals) return 'pending';
  const [home, away] = goals;
  const result = market.winner(home, away);
  if (isOver(market.slot, state.status)) return result;
  const stays = FURTHER.every((h) => FURTHER.every((a) => market.winner(home + h, away + a) === result));
  return stays ? result : 'pending';
}

/** Goals of the period as this state shows them: of the half in slot 1 once it is over, else in slot 0. */
export function goalsOfPeriod(period: 0 | 1, { status, home, away }: State): Goals | null {
  if (status < MatchStatus.FirstHalf) return null;
  const slot = period === 1 && isOver(1, status) ? 1 : 0;
  const goals = [home?.[slot], away?.[slot]];
  return goals[0] === undefined || goals[1] === undefined ? null : [goals[0], goals[1]];
}

/** A match that ended without anybody having seen it played is awarded: its score decides nothing. */
function wasSeenPlayed(states: readonly Pick<State, 'status'>[]): boolean {
  return states.some(({ status }) => status >= MatchStatus.FirstHalf && status < MatchStatus.Ended);
}

function isOver(period: 0 | 1, status: number): boolean {
  return status >= (period === 1 ? MatchStatus.HalfTime : MatchStatus.Ended);
}
