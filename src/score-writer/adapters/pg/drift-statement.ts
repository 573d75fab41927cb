import type { MatchState } from '../../../domain/match-state.js';
import {
  COUNT_COLUMNS,
  countIn,
  KICKOFF_COLUMNS,
  ofBothSides,
  SIDE_COLUMNS,
  slotsText,
} from '../../../platform/score-columns.js';
import { named } from './score-statement.js';

const COMPARED = SIDE_COLUMNS.filter(({ journal }) => journal !== null);
const COLUMNS = [{ name: 'score_version' }, { name: 'status_id' }, ...ofBothSides(COMPARED), ...KICKOFF_COLUMNS];

/** The database compares: on a quiet table nothing comes back. */
export const FIND_CHANGED = named(
  'find_changed',
  `
SELECT b.id
FROM ROWS FROM (unnest($1::text[]), unnest($2::text[])) AS b (id, believed)
LEFT JOIN ts_matches m ON m.external_id = b.id
WHERE concat_ws('|', ${COLUMNS.map(({ name }) => `COALESCE(m.${name}::text, '')`).join(', ')}) <> b.believed`,
);

/** The state in the words of the statement. */
export function fingerprint({ version, status, home, away, kickoffs }: MatchState): string {
  const sides = [home, away].flatMap((slots) => [
    slotsText(slots),
    ...COUNT_COLUMNS.map((column) => countIn(slots, column)),
  ]);
  const times = KICKOFF_COLUMNS.map(({ field }) => kickoffs[field] ?? '');
  return [version, status, ...sides, ...times].join('|');
}
