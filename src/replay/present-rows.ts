import type { Client } from 'pg';
import { ReplayError } from './replay.errors.js';
import { type SeedMatch, seedError } from './seed-rows.js';

const PRESENT = 'SELECT count(*)::int AS present FROM ts_matches WHERE external_id = ANY ($1)';

/** @throws ReplayError when one of the matches has no row, or the tables cannot be read */
export async function requirePresent(client: Client, matches: readonly SeedMatch[]): Promise<void> {
  const { rows } = await client
    .query<{ present: number }>(PRESENT, [matches.map(({ matchId }) => matchId)])
    .catch((cause: unknown) => {
      throw seedError(cause);
    });
  const present = rows[0]?.present ?? 0;
  if (present === matches.length) return;
  const message = `${matches.length - present} of the ${matches.length} matches have no row: wait until the provider's fixtures are there`;
  throw new ReplayError('LIVESCORE_REPLAY_FIXTURES', message);
}
