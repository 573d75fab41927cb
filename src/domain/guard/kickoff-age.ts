import type { Case } from '../guard-case.js';
import type { MatchState } from '../match-state.js';
import { MatchStatus } from '../match-status.js';
import type { Outcome } from '../outcome.js';
import * as outcomes from '../outcomes.js';

const CLEARLY_S = 20 * 60;

/**
 * Rule 4: a frame of a period that began long before the running one. Only a kick-off that the feed or the provider gave
 * may condemn, and none condemns a frame of the running period that lets no count fall: it may be a corrected kick-off.
 */
export function olderKickoff(c: Case): Outcome | null {
  const kickoffS = kickoffOf(c);
  const knownS = latestSourcedKickoff(c.state);
  if (kickoffS === null || knownS === null || kickoffS >= knownS - CLEARLY_S) return null;
  return isOfPeriod(c.status, c.state.status) && !c.falls ? null : outcomes.OLDER_KICKOFF;
}

/** Does the report show a period that began clearly after every one that is known? */
export function hasLaterKickoff(c: Case): boolean {
  const kickoffS = kickoffOf(c);
  const { firstHalfS, secondHalfS, overtimeS } = c.state.kickoffs;
  const known = [firstHalfS, secondHalfS, overtimeS].filter((atS) => atS !== null);
  return kickoffS !== null && known.length > 0 && known.every((atS) => kickoffS > atS + CLEARLY_S);
}

function kickoffOf({ update, context }: Case): number | null {
  const { periodKickoffS } = update.score;
  return periodKickoffS !== null && periodKickoffS * 1000 <= context.nowMs ? periodKickoffS : null;
}

/** Half-time still shows the first half's kick-off. */
function isOfPeriod(status: MatchStatus, running: MatchStatus): boolean {
  return status === running || (status === MatchStatus.HalfTime && running === MatchStatus.FirstHalf);
}

function latestSourcedKickoff({ status, kickoffs, kickoffSources }: MatchState): number | null {
  if (status >= MatchStatus.ExtraTime && kickoffSources.overtime) return kickoffs.overtimeS;
  if (status >= MatchStatus.SecondHalf && kickoffSources.secondHalf) return kickoffs.secondHalfS;
  return status >= MatchStatus.FirstHalf && kickoffSources.firstHalf ? kickoffs.firstHalfS : null;
}
