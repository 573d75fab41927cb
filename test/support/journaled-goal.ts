import { MatchStatus } from '../../src/domain/match-status.js';
import type { Slots } from '../../src/domain/score.js';
import type { JournaledChange } from '../../src/reannounce/ports/recent-changes.js';

export const KICKOFF_S = 1_700_000_000;

export const slots = (goals: number): Slots => [goals, 0, 0, 0, 0, 0, 0];

/** A goal of the home side, as the journal has it: a match has as many goals as versions. */
export function journaledGoal(
  matchId: string,
  epoch: number,
  version: number,
  over: Partial<JournaledChange> = {},
): JournaledChange {
  const kickoffs = { firstHalfS: KICKOFF_S, secondHalfS: null, overtimeS: null };
  const state = (goals: number) => ({ status: MatchStatus.FirstHalf, home: slots(goals), away: slots(0), kickoffs });
  return {
    matchId,
    epoch,
    version,
    source: 'mqtt',
    catchUp: false,
    before: state(version - 1),
    after: state(version),
    minute: 10,
    goalIncidents: [],
    announced: state(version - 1),
    receivedAtMs: 1_000 + version,
    committedAtMs: 2_000 + version,
    row: null,
    ...over,
  };
}
