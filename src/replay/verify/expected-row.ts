import type { Side } from '../../domain/match-event.js';
import { MatchStatus } from '../../domain/match-status.js';
import type { Slots } from '../../domain/score.js';
import { COUNT_COLUMNS, countIn } from '../../platform/score-columns.js';
import type { KickoffTimes } from '../feed/kickoff-times.js';
import type { MatchPlan } from '../feed/match-plan.js';
import type { Pair } from '../tournament/tournament.js';

/** Value of each `ts_matches` column that a replayed match must end with. */
export type ExpectedRow = Readonly<Record<string, ExpectedValue>>;
export type ExpectedValue = number | string | null | readonly number[] | typeof RECORDED_SECONDS;

/** Stands for "some time in whole unix seconds". */
export const RECORDED_SECONDS = 'unix seconds';

const NO_GOALS: Pair = [0, 0];

/**
 * The final row of a match, worked out from the score of the tournament and the counts of the plan alone: nothing here
 * has seen a frame.
 */
export function expectedRow({ match, ...counts }: MatchPlan, kickoffs: KickoffTimes): ExpectedRow {
  const { halfTime, fullTime, afterExtraTime, shootout } = match;
  const overtime = afterExtraTime ?? NO_GOALS;
  const penalties = shootout ?? NO_GOALS;
  const team = (side: 0 | 1): ExpectedRow => {
    const slots: Slots = [
      fullTime[side],
      halfTime[side],
      counts.redCards[side],
      counts.yellowCards[side],
      counts.corners[side],
      overtime[side],
      penalties[side],
    ];
    const columns = COUNT_COLUMNS.map((column) => [column.name, countIn(slots, column)]);
    return { scores: slots, ...Object.fromEntries(columns), score_source: 'mqtt', score_timestamp: RECORDED_SECONDS };
  };
  return {
    status_id: MatchStatus.Ended,
    status_id_source: 'mqtt',
    status_id_timestamp: RECORDED_SECONDS,
    ...prefixed('home', team(0)),
    ...prefixed('away', team(1)),
    first_half_kickoff_ts: kickoffs.firstHalf,
    second_half_kickoff_ts: kickoffs.secondHalf,
    overtime_kickoff_ts: afterExtraTime ? kickoffs.overtime : null,
  };
}

function prefixed(team: Side, columns: ExpectedRow): ExpectedRow {
  return Object.fromEntries(Object.entries(columns).map(([column, value]) => [`${team}_${column}`, value]));
}
