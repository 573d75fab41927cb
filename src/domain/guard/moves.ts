import { type Case, isFeed } from '../guard-case.js';
import { FOREIGN, type MatchState } from '../match-state.js';
import { isLive, MatchStatus, transition } from '../match-status.js';
import type { Outcome } from '../outcome.js';
import * as outcomes from '../outcomes.js';
import { anyRises } from '../score.js';

const RESUME_AFTER_S = 60;

/** No match is ever moved into 0 or 6, whoever says so and however often. */
export function statusNeverSet({ state, update, status }: Case): Outcome | null {
  if (update.source === 'admin' || transition(state.status, status) !== 'never') return null;
  return outcomes.STATUS_NEVER_SET;
}

/** Rule 5: a move that is none of football, or into a period already left. */
export function illegalMove(c: Case): Outcome | null {
  if (c.update.source === 'admin') return null;
  switch (transition(c.state.status, c.status)) {
    case 'legal':
      return c.newer ? null : endOfAnEarlierPeriod(c);
    case 'reopen':
      return cannotReopen(c);
    case 'resume':
      return cannotResume(c);
    case 'revive':
      return c.newer ? null : outcomes.OUT_OF_PLAY;
    case 'late':
      return isFalseEnd(c) || isForeignEnd(c) ? null : stepBack(c);
    default:
      return null;
  }
}

function stepBack({ state, status }: Case): Outcome {
  if (state.status === MatchStatus.Ended) return outcomes.ENDED;
  return status === MatchStatus.NotStarted ? outcomes.BACK_TO_NOT_STARTED : outcomes.EARLIER_PERIOD;
}

/** R3: the period goes on that a false end had cut off. A settled pull alone may be stuck before the true end. */
function isFalseEnd(c: Case): boolean {
  return c.state.status === MatchStatus.Ended && c.status === c.state.reached && c.newer && isWithinWindow(c);
}

/** An end that only another program wrote is no evidence against a feed that goes on from where it was. */
function isForeignEnd({ state, update, status }: Case): boolean {
  if (state.status !== MatchStatus.Ended || !isBySomeProgram(state)) return false;
  return isLive(status) && status >= state.reached && isFeed(update) && !update.redelivered;
}

/** Of a row that was loaded the journal tells it: programs stamp what they like, or nothing. */
function isBySomeProgram({ statusSource, origin }: MatchState): boolean {
  if (statusSource === FOREIGN) return true;
  const isStampOfOurs = statusSource === 'mqtt' || statusSource === 'api';
  return origin?.journaledBy === FOREIGN && !origin.byAuthority && !isStampOfOurs;
}

/** A second 8 may be the late copy of a first, false end: it does not know what happened since. */
function endOfAnEarlierPeriod({ state, status, home, away }: Case): Outcome | null {
  if (status !== MatchStatus.Ended) return null;
  if (state.status === MatchStatus.Shootout && home[6] === away[6]) return outcomes.SHOOTOUT_UNDECIDED;
  const extraTimeKnown = state.home[5] + state.away[5] > 0;
  const extraTimeMissing = home[5] + away[5] === 0 && home[0] + away[0] > 0;
  return state.status === MatchStatus.ExtraTime && extraTimeKnown && extraTimeMissing ? outcomes.EARLIER_PERIOD : null;
}

function cannotReopen(c: Case): Outcome | null {
  if (!isWithinWindow(c)) return outcomes.WINDOW_CLOSED;
  const newPeriod = c.status > c.state.reached;
  if (newPeriod || c.newer || c.update.delivery === 'pull') return null;
  return anyRises(c, c.state.peak) ? null : outcomes.PERIOD_ALREADY_LEFT;
}

function cannotResume({ state, update, context, newer, status }: Case): Outcome | null {
  const confirmed = newer || update.delivery === 'pull';
  if (status === MatchStatus.NotStarted) return confirmed ? null : outcomes.BACK_TO_NOT_STARTED;
  if (status < state.reached) return newer && status === MatchStatus.FirstHalf ? null : outcomes.EARLIER_PERIOD;
  const waitedS = state.statusSinceS === null ? RESUME_AFTER_S : context.nowMs / 1000 - state.statusSinceS;
  return confirmed || waitedS >= RESUME_AFTER_S ? null : outcomes.OUT_OF_PLAY;
}

function isWithinWindow({ state: { statusSinceS }, context }: Case): boolean {
  return statusSinceS === null || context.nowMs / 1000 - statusSinceS <= context.limits.reopenWindowS;
}
