import { runSql } from '../../test/support/database.js';

export const FLOODED = 500;

export const floodedId = (n: number): string => `probe-${n}`;

export function seedFloodedMatches(databaseUrl: string): Promise<void> {
  return runSql(
    databaseUrl,
    `INSERT INTO ts_matches (external_id, status_id, match_time)
     SELECT 'probe-' || n, 1, extract(epoch FROM now())::bigint - 1200 FROM generate_series(0, ${FLOODED - 1}) n`,
  );
}

/** The frame of that number: one match after the other, each time with one more corner, card or goal. */
export function floodFrame(number: number, kickoffS: number): string {
  const step = Math.floor(number / FLOODED) + 1;
  const third = (place: number): number => Math.floor((step + place) / 3);
  const home = [Math.min(20, third(0)), 0, 0, Math.min(20, third(1)), Math.min(40, third(2)), 0, 0];
  return JSON.stringify([floodedId(number % FLOODED), 2, home, [0, 0, 0, 0, 0, 0, 0], kickoffS]);
}
