import { isNewer, trusted } from './guard/provider-time.js';
import { DEFAULT_GUARD_LIMITS, type GuardLimits } from './guard-limits.js';
import { type Heard, NOTHING_HEARD, notAhead, sameContent } from './heard.js';
import type { MatchFormat } from './match-format.js';
import type { MatchState } from './match-state.js';
import { isOver, MatchStatus } from './match-status.js';
import type { CarriedFacts, ScoreUpdate } from './match-update.js';
import type { Outcome } from './outcome.js';
import { anyFalls, type Sides, type Slots, withKnownCorners } from './score.js';

export interface GuardContext {
  /** our clock, unix ms */
  readonly nowMs: number;
  /** the update was parked or retried: something newer may have been written meanwhile */
  readonly waited: boolean;
  /** how old a pulled answer may be at the provider: cache age and more, ms */
  readonly restLagMs: number;
  /**
   * The broker holds frames back now, or did until a moment ago: an answer of the provider can be ahead of a push. False
   * with QoS 0, and with QoS 1 as soon as the feed is caught up.
   */
  readonly feedBehind: boolean;
  /** when the broker surely held nothing back, the newest such moment: our clock, unix ms; infinite where it never does */
  readonly brokerEmptyAtMs: number;
  /** the provider's clock minus ours, ms */
  readonly providerSkewMs: number;
  /** What was heard of the match before this update. */
  readonly heard: Heard;
  /** Is there a provider to ask? `absent`: none is configured; `failing`: it does not answer. */
  readonly provider: 'answering' | 'failing' | 'absent';
  readonly limits: GuardLimits;
  /** lengths of the periods of the match. @default two halves of 45 minutes, extra time of twice 15 */
  readonly format?: MatchFormat | undefined;
}

/** The circumstances of a caller that remembers nothing, asks nobody and judges what comes as it comes. */
export const NO_CIRCUMSTANCES: Omit<GuardContext, 'nowMs' | 'restLagMs'> = Object.freeze({
  waited: false,
  feedBehind: false,
  brokerEmptyAtMs: Number.POSITIVE_INFINITY,
  providerSkewMs: 0,
  heard: NOTHING_HEARD,
  provider: 'absent',
  limits: DEFAULT_GUARD_LIMITS,
});

export interface Decision {
  readonly outcome: Outcome;
  /**
   * The state to judge the next update against: changed when applied, freshened when duplicate. When refused the same,
   * except that a stored time ahead of our clock has become now, for good.
   */
  readonly next: MatchState;
}

/** What the rules look at, worked out once. */
export interface Case extends Sides {
  readonly state: MatchState;
  readonly update: ScoreUpdate;
  readonly context: GuardContext;
  /** trusted provider time, seconds */
  readonly providerTimeS: number | null;
  /** strictly newer provider time than the row's: the provider itself vouches for the order */
  readonly newer: boolean;
  readonly status: MatchStatus;
  readonly same: boolean;
  /** any count is below the row's */
  readonly falls: boolean;
  /** receipt of a push, request of a pull, never in the future, unix ms */
  readonly atMs: number;
}

export function toCase(stored: MatchState, update: ScoreUpdate, context: GuardContext): Case {
  const { nowMs } = context;
  const state = withoutFutureTimes(stored, nowMs);
  const { status } = update.score;
  const home = withHalfTime(withKnownCorners(update.score.home, state.home), 'home', update);
  const away = withHalfTime(withKnownCorners(update.score.away, state.away), 'away', update);
  const providerTimeS = trusted(update.providerTimeS, context);
  const heard = notAhead(context.heard, nowMs);
  return {
    state,
    update,
    context: heard === context.heard ? context : { ...context, heard },
    providerTimeS,
    newer: providerTimeS !== null && isNewer(providerTimeS, state, context),
    status,
    home,
    away,
    same: sameContent({ status, home, away }, state),
    falls: anyFalls({ home, away }, state),
    atMs: Math.min(update.requestedAtMs ?? update.receivedAtMs, nowMs),
  };
}

/** A feed report: no answer, and no word of an operator or of our own clocks. */
export function isFeed({ delivery, source }: ScoreUpdate): boolean {
  return delivery === 'push' && source === 'mqtt';
}

/**
 * The last word of the feed that an answer has to be younger than, unix ms. After the end only a change counts: else a
 * publisher that repeats itself would mute the provider for ever.
 */
export function fedAtMs({ status, seenAtMs, statusSinceS, scoreSourceAtS }: MatchState): number | null {
  if (seenAtMs === null || !isOver(status)) return seenAtMs;
  if (statusSinceS === null && scoreSourceAtS === null) return seenAtMs;
  const changedAtS = Math.max(statusSinceS ?? 0, scoreSourceAtS ?? 0);
  return Math.min(seenAtMs, (changedAtS + 1) * 1000);
}

/** A clock that is set back by less heals by itself, and our receipt clock does not run backwards for it. */
const CLOCK_STEP_MS = 60_000;

/** R9: a stored time in the future, after a clock was set back, is worth now. */
function withoutFutureTimes(state: MatchState, nowMs: number): MatchState {
  const seenAtMs = worthNow(state.seenAtMs, nowMs, 1);
  const pulledAtMs = worthNow(state.pulledAtMs, nowMs, 1);
  const statusSinceS = worthNow(state.statusSinceS, nowMs, 1000);
  const scoreSourceAtS = worthNow(state.scoreSourceAtS, nowMs, 1000);
  if (seenAtMs === state.seenAtMs && pulledAtMs === state.pulledAtMs) {
    if (statusSinceS === state.statusSinceS && scoreSourceAtS === state.scoreSourceAtS) return state;
  }
  return { ...state, seenAtMs, pulledAtMs, statusSinceS, scoreSourceAtS };
}

function worthNow(time: number | null, nowMs: number, unitMs: number): number | null {
  return time !== null && time * unitMs > nowMs + CLOCK_STEP_MS ? Math.floor(nowMs / unitMs) : time;
}

/** The half-time slot that a superseded update knew, where a report from after half-time has none. */
function withHalfTime(slots: Slots, side: keyof Sides, { score, carried }: ScoreUpdate): Slots {
  if (!carried || score.status < MatchStatus.HalfTime || saysHalfTime(score)) return slots;
  const halfTime = halfTimeOf(carried, side);
  return halfTime > slots[0] ? slots : [slots[0], halfTime, slots[2], slots[3], slots[4], slots[5], slots[6]];
}

function saysHalfTime({ home, away }: Sides): boolean {
  return home[1] + away[1] > 0;
}

function halfTimeOf({ peak }: CarriedFacts, side: keyof Sides): number {
  return peak[side][1];
}
