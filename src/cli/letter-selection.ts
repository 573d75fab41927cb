import type { Selection } from './dead-letters-arguments.js';

export interface Condition {
  /** a condition on `livescore_dead_letter` */
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The letters that are meant, as SQL; all of them when nothing is said. */
export function selected({ id, matchId, reason, olderThanS }: Selection): Condition {
  return {
    text: `($1::bigint IS NULL OR id = $1) AND ($2::text IS NULL OR match_id = $2)
      AND ($3::text IS NULL OR reason = ANY (ARRAY[$3, $3 || '-earlier']))
      AND ($4::double precision IS NULL OR received_at < (clock_timestamp() - ($4::double precision * interval '1 second')))`,
    values: [id ?? null, matchId ?? null, reason ?? null, olderThanS ?? null],
  };
}
