import { MatchStatus } from '../../../src/domain/match-status.js';
import type { Incident } from '../../../src/domain/match-update.js';
import type { Frame } from '../../faults/model/match-history.js';

/** The feed's numbers. */
const TYPE = { goal: 1, yellowCard: 3, substitution: 9, halfTime: 13, var: 28 } as const;
const GOAL_CANCELLED = 2;
const SUBSTITUTION_EVERY = 11;

/** What happened between two frames of one match; `before` is undefined at kick-off. */
export function incidentsOf(before: Frame | undefined, frame: Frame, time: number): Incident[] {
  const [home_score, away_score] = [frame.home[0], frame.away[0]];
  const running = { time, home_score, away_score };
  const incidents: Incident[] = [];
  for (const [position, was, is] of [
    [1, before?.home, frame.home],
    [2, before?.away, frame.away],
  ] as const) {
    const player = { player_id: `p${frame.nth}-${position}`, player_name: `Player ${frame.nth}` };
    if (is[0] > (was?.[0] ?? 0)) incidents.push({ ...running, ...player, position, type: TYPE.goal });
    if (is[0] < (was?.[0] ?? 0))
      incidents.push({ ...running, ...player, position, type: TYPE.var, var_reason: 1, var_result: GOAL_CANCELLED });
    if (is[3] > (was?.[3] ?? 0)) incidents.push({ ...running, ...player, position, type: TYPE.yellowCard });
  }
  if (frame.nth % SUBSTITUTION_EVERY === 0)
    incidents.push({
      time,
      position: 1,
      type: TYPE.substitution,
      in_player_id: `i${frame.nth}`,
      out_player_id: `o${frame.nth}`,
    });
  if (frame.status === MatchStatus.HalfTime && before?.status !== MatchStatus.HalfTime)
    incidents.push({ ...running, position: 0, type: TYPE.halfTime, player_id: `half-time-${frame.nth}` });
  return incidents;
}
