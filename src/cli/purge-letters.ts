import type { Client } from 'pg';
import { SELECTED, selectedValues } from '../dead-letters/adapters/pg/letter-selection.js';
import type { CommandOutput, Environment } from './command.js';
import type { PurgeRequest } from './dead-letters-arguments.js';
import { jsonLine } from './printing.js';
import { confirm, readTarget } from './target.js';

interface Count {
  readonly letters: number;
  readonly bytes: number;
}

/** Deletes letters once somebody agreed, or counts them. */
export async function purgeLetters(
  { selection, dryRun, yes, json }: PurgeRequest,
  client: Client,
  env: Environment,
  output: CommandOutput,
): Promise<number> {
  const { stdout, stderr } = output;
  const values = selectedValues(selection);
  const found = await count(client, values, 'SELECT octet_length(payload) AS bytes FROM livescore_dead_letter WHERE');
  if (!dryRun && found.letters > 0) {
    const target = await readTarget(client, env.DATABASE_URL ?? '');
    await confirm(
      target,
      { words: `This deletes ${found.letters} letters, ${found.bytes} bytes.`, agreed: yes },
      output,
    );
  }
  const { letters, bytes } = dryRun ? found : await count(client, values, 'DELETE FROM livescore_dead_letter WHERE');
  if (json) stdout(jsonLine({ dryRun, letters, bytes }));
  else if (letters > 0) stdout(`${dryRun ? 'Would delete' : 'Deleted'} ${letters} letters, ${bytes} bytes.`);
  if (letters > 0) return 0;
  stderr('No dead letter matched.');
  return 1;
}

async function count(client: Client, values: readonly unknown[], statement: string): Promise<Count> {
  const returning = statement.startsWith('DELETE') ? ' RETURNING octet_length(payload) AS bytes' : '';
  const { rows } = await client.query<Count>(
    `WITH meant AS (${statement} ${SELECTED}${returning})
     SELECT count(*)::int AS letters, COALESCE(sum(bytes), 0)::double precision AS bytes FROM meant`,
    [...values],
  );
  return rows[0] ?? { letters: 0, bytes: 0 };
}
