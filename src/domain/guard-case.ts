import type { MatchState } from './match-state.js';
import type { MatchUpdate, ScoreReport } from './match-update.js';
import type { Outcome } from './outcome.js';
import { type Slots, sameSlots, withKnownCorners } from './score.js';

/** An update the guard can judge. */
export type ScoreUpdate = MatchUpdate & { readonly score: ScoreReport };

export function hasScore(update: MatchUpdate): update is ScoreUpdate {
  return update.score !== undefined;
}

export interface GuardContext {
  /** our clock, unix ms */
  readonly nowMs: number;
  /** the update was parked or retried: something newer may have been written meanwhile */
  readonly waited: boolean;
  /** how old a pulled answer may be at the provider: cache age and more, ms */
  readonly restLagMs: number;
  /** the broker holds frames back until older ones are committed: an answer of the provider can be ahead of them */
  readonly feedMayLag: boolean;
  /** the provider's clock minus ours, ms */
  readonly providerSkewMs: number;
}

export interface Decision {
  readonly outcome: Outcome;
  /** The state to judge the next update against: changed when applied, freshened when duplicate, else the same. */
  readonly next: MatchState;
}

const FUTURE_TOLERANCE_S = 300;

/** What the rules look at, worked out once. */
export interface Case {
  readonly state: MatchState;
  readonly update: ScoreUpdate;
  readonly context: GuardContext;
  /** trusted provider time, seconds */
  readonly providerTimeS: number | null;
  /** strictly newer provider time than the row's: the provider itself vouches for the order */
  readonly newer: boolean;
  readonly home: Slots;
  readonly away: Slots;
  readonly same: boolean;
}

export function toCase(state: MatchState, update: ScoreUpdate, context: GuardContext): Case {
  const { score } = update;
  const home = withKnownCorners(score.home, state.home);
  const away = withKnownCorners(score.away, state.away);
  const providerTimeS = trusted(update.providerTimeS, context);
  return {
    state,
    update,
    context,
    providerTimeS,
    newer: providerTimeS !== null && state.providerTimeS !== null && providerTimeS > state.providerTimeS,
    home,
    away,
    same: score.status === state.status && sameSlots(home, state.home) && sameSlots(away, state.away),
  };
}

/** A provider time ahead of our clock cannot be true, and would lock the row until that time comes. */
function trusted(providerTimeS: number | null, context: GuardContext): number | null {
  if (providerTimeS === null) return null;
  return onOurClockMs(providerTimeS, context) <= context.nowMs + FUTURE_TOLERANCE_S * 1000 ? providerTimeS : null;
}

/** A time of the provider as our clock would have shown it, unix ms. */
export function onOurClockMs(providerTimeS: number, { providerSkewMs }: GuardContext): number {
  return providerTimeS * 1000 - providerSkewMs;
}
