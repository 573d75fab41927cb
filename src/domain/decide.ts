import { accept } from './accept.js';
import { type Case, type Decision, type GuardContext, onOurClockMs, type ScoreUpdate, toCase } from './guard-case.js';
import type { MatchState } from './match-state.js';
import { isLive, MatchStatus, transition } from './match-status.js';
import type { UpdateSource } from './match-update.js';
import type { Outcome } from './outcome.js';
import * as outcomes from './outcomes.js';
import { isAbove } from './score.js';

export { type Decision, type GuardContext, hasScore, type ScoreUpdate } from './guard-case.js';

const OLDER_KICKOFF_S = 20 * 60;
const REOPEN_WINDOW_S = 20 * 60;
const RESUME_AFTER_S = 60;
const PULL_BEHIND_PUSH_MS = 10_000;
const HELD_BACK_S = 120;

const RANK: Readonly<Record<string, number>> = { admin: 5, mqtt: 4, api: 3, watchdog: 2, computed: 1 };

/**
 * The guard: may this update change the match, and into what? Pure; the first rule that speaks wins.
 * `state` is the pending state: the row plus what was accepted and is not written yet.
 */
export function decide(state: MatchState, update: ScoreUpdate, context: GuardContext): Decision {
  const c = toCase(state, update, context);
  const refusal =
    olderProviderTime(c) ??
    (update.delivery === 'pull' ? unsettledPull(c) : overtaken(c)) ??
    olderKickoff(c) ??
    illegalMove(c) ??
    outranked(c) ??
    pushBehindPull(c) ??
    countFallsAfterEnd(c);
  if (refusal) return { outcome: refusal, next: state };
  return accept(c);
}

function olderProviderTime({ state, providerTimeS }: Case): Outcome | null {
  if (providerTimeS === null || state.providerTimeS === null) return null;
  return providerTimeS < state.providerTimeS ? outcomes.OLDER_PROVIDER_TIME : null;
}

/** A pulled answer may come from a cache: it speaks only about a time when no push can have overtaken it. */
function unsettledPull({ state, update, context, providerTimeS, newer, same }: Case): Outcome | null {
  if (same) return null;
  const requestedAtMs = update.requestedAtMs ?? update.receivedAtMs;
  const { seenAtMs, pulledAtMs } = state;
  if (seenAtMs !== null) {
    if (requestedAtMs < seenAtMs + context.restLagMs) return outcomes.PULL_TOO_EARLY;
    if (providerTimeS !== null && onOurClockMs(providerTimeS, context) < seenAtMs - PULL_BEHIND_PUSH_MS)
      return outcomes.PULL_BEHIND_PUSH;
  }
  if (pulledAtMs === null) return null;
  if (requestedAtMs < pulledAtMs) return outcomes.PULL_OUT_OF_ORDER;
  return !newer && requestedAtMs < pulledAtMs + context.restLagMs ? outcomes.PULL_TOO_EARLY : null;
}

function overtaken({ state, update, context }: Case): Outcome | null {
  if (!context.waited || state.seenAtMs === null) return null;
  return update.receivedAtMs < state.seenAtMs ? outcomes.OVERTAKEN : null;
}

/** Only a kick-off that the feed or the provider gave may condemn a frame; an estimate may not. */
function olderKickoff({ state, update, context }: Case): Outcome | null {
  const kickoffS = update.score.periodKickoffS;
  if (kickoffS === null || kickoffS * 1000 > context.nowMs) return null;
  const knownS = latestSourcedKickoff(state);
  return knownS !== null && kickoffS < knownS - OLDER_KICKOFF_S ? outcomes.OLDER_KICKOFF : null;
}

function latestSourcedKickoff({ status, kickoffs, kickoffSources }: MatchState): number | null {
  if (status >= MatchStatus.ExtraTime && kickoffSources.overtime) return kickoffs.overtimeS;
  if (status >= MatchStatus.SecondHalf && kickoffSources.secondHalf) return kickoffs.secondHalfS;
  return status >= MatchStatus.FirstHalf && kickoffSources.firstHalf ? kickoffs.firstHalfS : null;
}

function illegalMove(c: Case): Outcome | null {
  const { state, update } = c;
  if (update.source === 'admin') return null;
  const to = update.score.status;
  switch (transition(state.status, to)) {
    case 'stay':
      return null;
    case 'legal':
      return c.newer ? null : endOfAnEarlierPeriod(c);
    case 'reopen':
      return cannotReopen(c);
    case 'resume':
      return cannotResume(c);
    case 'revive':
      return c.newer ? null : outcomes.OUT_OF_PLAY;
    case 'never':
      return outcomes.STATUS_NEVER_SET;
    case 'late':
      if (state.status === MatchStatus.Ended) return outcomes.ENDED;
      return to === MatchStatus.NotStarted ? outcomes.BACK_TO_NOT_STARTED : outcomes.EARLIER_PERIOD;
  }
}

/** A second 8 may be the late copy of a first, false end: it does not know what happened since. */
function endOfAnEarlierPeriod({ state, update, home, away }: Case): Outcome | null {
  if (update.score.status !== MatchStatus.Ended) return null;
  if (state.status === MatchStatus.Shootout && home[6] === away[6]) return outcomes.SHOOTOUT_UNDECIDED;
  const extraTimeKnown = state.home[5] + state.away[5] > 0;
  const extraTimeMissing = home[5] + away[5] === 0 && home[0] + away[0] > 0;
  return state.status === MatchStatus.ExtraTime && extraTimeKnown && extraTimeMissing ? outcomes.EARLIER_PERIOD : null;
}

function cannotReopen({ state, update, context, newer, home, away }: Case): Outcome | null {
  const { statusSinceS } = state;
  if (statusSinceS !== null && context.nowMs / 1000 - statusSinceS > REOPEN_WINDOW_S) return outcomes.WINDOW_CLOSED;
  const newPeriod = update.score.status > state.reached;
  if (newPeriod || newer || update.delivery === 'pull') return null;
  const somethingHappened = isAbove(home, state.peak.home) || isAbove(away, state.peak.away);
  return somethingHappened ? null : outcomes.PERIOD_ALREADY_LEFT;
}

function cannotResume({ state, update, context, newer }: Case): Outcome | null {
  const confirmed = newer || update.delivery === 'pull';
  if (update.score.status === MatchStatus.NotStarted) return confirmed ? null : outcomes.BACK_TO_NOT_STARTED;
  if (update.score.status < state.reached) return outcomes.EARLIER_PERIOD;
  const waitedS = state.statusSinceS === null ? RESUME_AFTER_S : context.nowMs / 1000 - state.statusSinceS;
  return confirmed || waitedS >= RESUME_AFTER_S ? null : outcomes.OUT_OF_PLAY;
}

/** For the same moment the higher source wins: admin > mqtt > api > watchdog > computed. */
function outranked({ state, update, same }: Case): Outcome | null {
  if (same || state.scoreSource === null || state.scoreSourceAtS === null) return null;
  const atMs = update.requestedAtMs ?? update.receivedAtMs;
  const sameMoment = Math.floor(atMs / 1000) <= state.scoreSourceAtS;
  return sameMoment && rank(update.source) < rank(state.scoreSource) ? outcomes.OUTRANKED : null;
}

function rank(source: UpdateSource | string): number {
  return RANK[source] ?? 0;
}

/**
 * Until the feed has spoken of what the provider's answer changed, a lower count, or play after the end, is more likely
 * a frame that the broker had held back than a correction. The writer asks the provider again, which tells the one from the other.
 */
function pushBehindPull({ state, update, context, home, away, newer }: Case): Outcome | null {
  if (!context.feedMayLag || newer || update.delivery === 'pull' || update.source === 'admin') return null;
  const { scoreSource, scoreSourceAtS, seenAtMs } = state;
  if (scoreSource !== 'api' || scoreSourceAtS === null) return null;
  const heldForS = context.nowMs / 1000 - scoreSourceAtS;
  const fedSince = seenAtMs !== null && seenAtMs / 1000 >= scoreSourceAtS;
  if (fedSince || heldForS > HELD_BACK_S) return null;
  const { status } = update.score;
  if (status !== state.status && status !== MatchStatus.Ended) {
    // a later period, or one that the provider saw the end of
    return state.status === MatchStatus.Ended ? outcomes.PUSH_BEHIND_PULL : null;
  }
  return isAbove(state.home, home) || isAbove(state.away, away) ? outcomes.PUSH_BEHIND_PULL : null;
}

/** While live a falling count is a correction (VAR). After the end a push without provider time cannot prove it. */
function countFallsAfterEnd({ state, update, home, away, newer }: Case): Outcome | null {
  if (state.status < MatchStatus.Ended || isLive(update.score.status)) return null;
  if (!isAbove(state.home, home) && !isAbove(state.away, away)) return null;
  return newer || update.delivery === 'pull' || update.source === 'admin' ? null : outcomes.COUNT_FALLS_AFTER_END;
}
