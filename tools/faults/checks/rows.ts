import { COUNT_COLUMNS, countIn } from '../../../src/platform/score-columns.js';
import type { Frame, MatchHistory } from '../model/match-history.js';
import type { MatchDatabase, MatchRow } from '../parts/match-database.js';
import type { Finding } from './finding.js';

/**
 * Rows that do not show the end of their history, in any column that readers use. A kick-off may be unknown here, when no
 * frame of its period came through; the look at effects tells whether one did.
 */
export async function wrongRows(database: MatchDatabase, histories: readonly MatchHistory[]): Promise<Finding[]> {
  const rows = await database.matches(histories.map(({ matchId }) => matchId));
  return histories.flatMap((history): Finding[] => {
    const fault = faultOf(rows.get(history.matchId), history);
    return fault ? [{ kind: 'wrong-row', text: `${history.matchId}: ${fault}` }] : [];
  });
}

function faultOf(row: MatchRow | undefined, { frames, kickoffs }: MatchHistory): string | null {
  const last = frames.at(-1) as Frame;
  if (!row) return 'no row';
  const shown = JSON.stringify([row.status, row.home, row.away, row.columns]);
  const expected = JSON.stringify([last.status, last.home, last.away, columnsOf(last)]);
  if (shown !== expected) return `row shows frame ${row.home?.[4]}: ${shown}, expected frame ${last.nth}: ${expected}`;
  const truth = [kickoffs.firstHalfS, kickoffs.secondHalfS, null];
  const wrong = row.kickoffs.some((known, n) => known !== null && known !== truth[n]);
  if (wrong) return `kick-offs ${JSON.stringify(row.kickoffs)}, expected ${JSON.stringify(truth)}`;
  return row.stamped ? null : 'row does not say who set status and scores, and when';
}

function columnsOf({ home, away }: Frame): readonly number[] {
  return [home, away].flatMap((slots) => COUNT_COLUMNS.map((column) => countIn(slots, column)));
}
