import type { MatchState } from '../../../domain/match-state.js';
import type { Slots } from '../../../domain/score.js';
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

/** The columns readers use as one text, as an SQL expression. */
export const FINGERPRINT_SQL = `concat_ws('|', ${COLUMNS.map(({ name }) => `COALESCE(m.${name}::text, '')`).join(', ')})`;

/** The database compares: on a quiet table nothing comes back. */
export const FIND_CHANGED = named(
  'find_changed',
  `
SELECT b.id
FROM ROWS FROM (unnest($1::text[]), unnest($2::text[])) AS b (id, believed)
LEFT JOIN ts_matches m ON m.external_id = b.id
WHERE ${FINGERPRINT_SQL} <> b.believed`,
);

/** Live rows: the statuses are those of the platform's own index. */
export const FIND_LIVE = named(
  'find_live',
  `
SELECT COALESCE(jsonb_agg(l.id), '[]'::jsonb) AS ids FROM (
  SELECT m.external_id AS id FROM ts_matches m
  WHERE m.status_id = ANY (ARRAY[2, 3, 4, 5, 7]) AND m.external_id IS NOT NULL
  LIMIT $1::integer) l`,
);

/** The state in the words of the statement; of a row that was loaded, as it was then. Hundreds are made a second: one text, no lists. */
export function fingerprint({ version, status, home, away, kickoffs, origin }: MatchState): string {
  if (origin) return origin.fingerprint;
  let text = `${version}|${status}|${sideText(home)}|${sideText(away)}`;
  for (const { field } of KICKOFF_COLUMNS) text += `|${kickoffs[field] ?? ''}`;
  return text;
}

function sideText(slots: Slots): string {
  let text = slotsText(slots);
  for (const column of COUNT_COLUMNS) text += `|${countIn(slots, column)}`;
  return text;
}
