import type { MatchState } from '../../../domain/match-state.js';
import { displayScore, type Slots } from '../../../domain/score.js';
import { COUNT_COLUMNS } from './match-row.js';
import { named } from './score-statement.js';

const COLUMNS = [
  'score_version',
  'status_id',
  ...['home', 'away'].flatMap((side) => ['scores', ...COUNT_COLUMNS].map((column) => `${side}_${column}`)),
  'first_half_kickoff_ts',
  'second_half_kickoff_ts',
  'overtime_kickoff_ts',
];

/** The database compares: on a quiet table nothing comes back. */
export const FIND_CHANGED = named(
  'find_changed',
  `
SELECT b.id
FROM unnest($1::text[], $2::text[]) AS b(id, believed)
LEFT JOIN ts_matches m ON m.external_id = b.id
WHERE concat_ws('|', ${COLUMNS.map((column) => `COALESCE(m.${column}::text, '')`).join(', ')}) <> b.believed`,
);

/** The state in the words of the statement. */
export function fingerprint({ version, status, home, away, kickoffs }: MatchState): string {
  const times = `${kickoffs.firstHalfS ?? ''}|${kickoffs.secondHalfS ?? ''}|${kickoffs.overtimeS ?? ''}`;
  return `${version}|${status}|${side(home)}|${side(away)}|${times}`;
}

/** `jsonb` prints an array with a blank after each comma. */
function side(slots: Slots): string {
  const [regular, , red, yellow, corners, extraTime, shootout] = slots;
  return `[${slots.join(', ')}]|${displayScore(slots)}|${regular}|${extraTime}|${shootout}|${red}|${yellow}|${corners}`;
}
