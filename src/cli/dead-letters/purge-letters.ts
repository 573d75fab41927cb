import type { Client } from 'pg';
import type { CommandOutput } from '../command.js';
import type { PurgeRequest } from './dead-letters-arguments.js';
import { selected } from './selected.js';

interface Count {
  readonly letters: number;
  readonly bytes: number;
}

/** Deletes letters, or counts them. */
export async function purgeLetters(
  { selection, dryRun, json }: PurgeRequest,
  client: Client,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const { text, values } = selected(selection);
  const meant = dryRun
    ? `SELECT octet_length(payload) AS bytes FROM livescore_dead_letter WHERE ${text}`
    : `DELETE FROM livescore_dead_letter WHERE ${text} RETURNING octet_length(payload) AS bytes`;
  const { rows } = await client.query<Count>(
    `WITH meant AS (${meant})
     SELECT count(*)::int AS letters, COALESCE(sum(bytes), 0)::double precision AS bytes FROM meant`,
    [...values],
  );
  const { letters, bytes } = rows[0] ?? { letters: 0, bytes: 0 };
  if (json) stdout(JSON.stringify({ dryRun, letters, bytes }));
  else if (letters > 0) stdout(`${dryRun ? 'Would delete' : 'Deleted'} ${letters} letters, ${bytes} bytes.`);
  if (letters > 0) return 0;
  stderr('No dead letter matched.');
  return 1;
}
