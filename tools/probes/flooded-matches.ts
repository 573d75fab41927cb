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

/** The frame of that number: one match after the other, each time with one corner, card or goal more, and past the most one less. */
export function floodFrame(number: number, kickoffS: number): string {
  const step = Math.floor(number / FLOODED) + 1;
  const third = (place: number): number => Math.floor((step + place) / 3);
  const home = [upAndDown(third(0), 20), 0, 0, upAndDown(third(1), 20), upAndDown(third(2), 40), 0, 0];
  return JSON.stringify([floodedId(number % FLOODED), 2, home, [0, 0, 0, 0, 0, 0, 0], kickoffS]);
}

function upAndDown(steps: number, most: number): number {
  return most - Math.abs(most - (steps % (2 * most)));
}
