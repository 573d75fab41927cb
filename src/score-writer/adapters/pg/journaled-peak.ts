import type { MatchState } from '../../../domain/match-state.js';
import { isLive, isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import { isRestart } from '../../../domain/restart.js';
import { higherOf, NO_SCORE, type Sides, sameGoals } from '../../../domain/score.js';
import { toInteger, toSlots } from '../../../platform/read-value.js';

/** Changes of a match that are looked at: more than any match has. */
const MOST_CHANGES = 500;

/** A change as the journal has it: source, status, home, away. */
export type PastChange = readonly [source: string, status: unknown, home: unknown, away: unknown];

/**
 * What was committed since the last incarnation of the row, oldest first: an index read, by the primary key of the
 * journal. What others wrote is no report of ours.
 */
export const PAST_CHANGES_SQL = `
  SELECT jsonb_agg(jsonb_build_array(p.source, p.after -> 'status', p.after -> 'home', p.after -> 'away')
    ORDER BY p.version) AS changes
  FROM (SELECT j.version, j.source, j.after FROM livescore_journal j
    WHERE j.match_id = m.external_id AND j.epoch = last.epoch AND j.source <> 'foreign'
    ORDER BY j.version DESC LIMIT ${MOST_CHANGES}) p`;

/** The highest counts since the match began, began again, or was taken back by an operator. */
export function journaledPeak(changes: readonly PastChange[], row: Sides): MatchState['peak'] {
  let [peak, from, reached]: [MatchState['peak'], MatchStatus, MatchStatus] = [NO_PEAK, NOT_STARTED, NOT_STARTED];
  for (const [source, code, home, away] of changes) {
    const to = toInteger(code);
    const sides = { home: toSlots(home) ?? NO_SCORE, away: toSlots(away) ?? NO_SCORE };
    const status: MatchStatus = isMatchStatus(to) ? to : from;
    const again = source === 'revert' || isRestart(from, reached, status);
    peak = again ? sides : higherSides(peak, sides);
    reached = Math.max(again ? NOT_STARTED : reached, isLive(status) ? status : NOT_STARTED) as MatchStatus;
    from = status;
  }
  return higherSides(peak, row);
}

/** Are these the goals of one of the changes, and not of the last one? */
export function isEarlierScore(changes: readonly PastChange[], row: Sides): boolean {
  const [last, ...earlier] = changes.toReversed().map(([, , home, away]) => ({
    home: toSlots(home) ?? NO_SCORE,
    away: toSlots(away) ?? NO_SCORE,
  }));
  return last !== undefined && !sameGoals(last, row) && earlier.some((sides) => sameGoals(sides, row));
}

const NOT_STARTED = MatchStatus.NotStarted;
const NO_PEAK = { home: NO_SCORE, away: NO_SCORE };

function higherSides(a: Sides, b: Sides): MatchState['peak'] {
  return { home: higherOf(a.home, b.home), away: higherOf(a.away, b.away) };
}
