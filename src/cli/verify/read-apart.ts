import { UnreadableValueError } from '../../platform/read-value.js';
import { SIDES } from '../../platform/score-columns.js';
import { sideOf } from '../../platform/score-row.js';
import type { AgedMatch } from './facts.js';

type Row = Readonly<Record<string, unknown>>;

const PARTS = ['version', 'status', 'score', 'kickoffs'] as const;

/**
 * Live matches of the direct path whose row is not what the journal says. Somebody else's plain UPDATE is noticed and judged
 * within a second: only what differs in the same way two seconds later counts.
 */
export async function readApart(
  read: () => Promise<readonly Row[]>,
  secondLook: Promise<(matchId: string) => boolean>,
): Promise<{ readonly judged: number; readonly apart: readonly AgedMatch[] }> {
  const before = await read();
  const isDirect = await secondLook;
  const earlier = new Map(before.map((row) => [String(row.external_id), wordsOf(row)]));
  const rows = (await read()).filter((row) => isDirect(String(row.external_id)));
  const apart = rows.flatMap((row) => {
    const [matchId, what] = [String(row.external_id), wordsOf(row)];
    return what !== '' && earlier.get(matchId) === what ? [{ matchId, what, ageS: 2 }] : [];
  });
  return { judged: rows.length, apart };
}

/** What differs; empty when nothing does. */
function wordsOf(row: Row): string {
  const parts = PARTS.filter((part) => row[part] !== true);
  return [...parts, ...(isTorn(row) ? ['columns disagree'] : [])].join(', ');
}

/** The columns that readers use do not all say the same. */
function isTorn(row: Row): boolean {
  try {
    return SIDES.some((side) => sideOf(row, side).torn);
  } catch (error) {
    if (error instanceof UnreadableValueError) return true;
    throw error;
  }
}
