import type { LetterSelection } from '../../ports/letter-desk.js';

/** A condition on `livescore_dead_letter` with four parameters: the letters that are meant, all of them when nothing is said. */
export const SELECTED = `($1::bigint IS NULL OR id = $1) AND ($2::text IS NULL OR match_id = $2)
  AND ($3::text IS NULL OR reason = ANY (ARRAY[$3, $3 || '-earlier']))
  AND ($4::double precision IS NULL OR received_at < (clock_timestamp() - ($4::double precision * interval '1 second')))`;

/** Its parameters. */
export function selectedValues({ id, matchId, reason, olderThanS }: LetterSelection): readonly unknown[] {
  return [id ?? null, matchId ?? null, reason ?? null, olderThanS ?? null];
}
