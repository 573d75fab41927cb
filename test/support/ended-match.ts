import { KICKOFF_S, slots } from './history.js';
import { VirtualMatch } from './virtual-match.js';

export const SECOND_HALF_S = KICKOFF_S + 3_720;
export const WHISTLE_S = SECOND_HALF_S + 2_880;

/** The last report of the match: 2-1. */
export const END = { status: 8 as const, home: slots(2), away: slots(1), kickoffS: SECOND_HALF_S };
export const IN_PLAY = { ...END, status: 4 as const };

/** A match that a push ended 2-1; it is an hour after the whistle. */
export function endedMatch(): VirtualMatch {
  const match = new VirtualMatch(KICKOFF_S);
  match.push({ status: 2, kickoffS: KICKOFF_S });
  match.nowS = SECOND_HALF_S;
  match.push(IN_PLAY);
  match.nowS = WHISTLE_S;
  match.push(END);
  match.nowS = WHISTLE_S + 3_600;
  return match;
}

/** A match of which one push was heard: 2-1 in the second half. */
export function playingMatch(): VirtualMatch {
  const match = new VirtualMatch(SECOND_HALF_S);
  match.push(IN_PLAY);
  return match;
}
