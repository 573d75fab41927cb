import type { Case } from '../guard-case.js';
import { isLive, isOver } from '../match-status.js';
import { anyRises, NO_SCORE } from '../score.js';
import { isKnownEnd } from './after-end.js';
import { hasLaterKickoff } from './kickoff-age.js';

const NOTHING_COUNTED = { home: NO_SCORE, away: NO_SCORE };

/**
 * Can the report be no old state of this match? In play it must show life: a count above every known one, or a period
 * that began later. Out of play it must say what no push has said yet; before the start, nothing may ever have counted.
 */
export function cannotBeOld(c: Case): boolean {
  if (isLive(c.status)) return anyRises(c, c.state.peak) || hasLaterKickoff(c);
  return isOver(c.status) ? !isKnownEnd(c) : !anyRises(c.state.peak, NOTHING_COUNTED);
}
