import type { Frame, MatchHistory } from '../model/match-history.js';
import type { MatchDatabase, MatchRow } from '../parts/match-database.js';
import type { Finding } from './finding.js';

/**
 * Rows that do not show the end of their history. A kick-off may be unknown here, when no frame of its period came
 * through; the journal tells whether one did.
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
  const isRight = (known: number | null, truth: number) => known === null || known === truth;
  if (!isRight(row.firstHalfS, kickoffs.firstHalfS)) return `first-half kick-off ${row.firstHalfS}`;
  if (!isRight(row.secondHalfS, kickoffs.secondHalfS)) return `second-half kick-off ${row.secondHalfS}`;
  return null;
}

/** Without extra time the display score is the regular one. */
function columnsOf({ home, away }: Frame): readonly number[] {
  return [home[0], away[0], home[0], away[0], home[3], away[3], home[4], away[4]];
}
