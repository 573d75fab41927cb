import { runSql } from '../../test/support/database.js';

/** Matches that are played while others attack. */
export const WATCHED = 400;
/** Matches of long ago: one for each place of the board. */
export const PAST = 5_000;
/** Matches of long ago of which the journal has every version. */
export const JOURNALED = 50;
const VERSIONS = 100;

export const watchedId = (n: number): string => `doors-${n}`;
export const pastId = (n: number): string => `doors-past-${n}`;
export const journaledId = (n: number): string => `doors-long-${n}`;

const STATE = (home: string) => `jsonb_build_object('status', 8, 'home', jsonb_build_array(${home}, 0, 0, 0, 0, 0, 0),
  'away', jsonb_build_array(0, 0, 0, 0, 0, 0, 0), 'kickoffs', jsonb_build_array(NULL, NULL, NULL))`;

/** Fills an empty database: matches to watch, and a season of others. */
export function seedMatches(databaseUrl: string): Promise<void> {
  return runSql(
    databaseUrl,
    `INSERT INTO ts_matches (external_id, status_id, match_time)
       SELECT 'doors-' || n, 1, extract(epoch FROM now()) - 60 FROM generate_series(0, ${WATCHED - 1}) n;
     INSERT INTO ts_matches (external_id, status_id, match_time)
       SELECT 'doors-past-' || n, 8, extract(epoch FROM now()) - 8640000 FROM generate_series(0, ${PAST - 1}) n;
     INSERT INTO ts_matches (external_id, status_id, match_time, score_version)
       SELECT 'doors-long-' || n, 8, extract(epoch FROM now()) - 8640000, ${VERSIONS} FROM generate_series(0, ${JOURNALED - 1}) n;
     INSERT INTO livescore_journal (match_id, epoch, version, source, before, after, committed_at)
       SELECT 'doors-long-' || n, 1, v, 'mqtt', ${STATE('v - 1')}, ${STATE('v')}, now() - interval '100 days'
       FROM generate_series(0, ${JOURNALED - 1}) n, generate_series(1, ${VERSIONS}) v`,
  );
}
