import type { Client } from 'pg';
import type { CommandOutput } from '../command.js';
import type { PayloadRequest } from './dead-letters-arguments.js';

/** The message of one letter as text; with `--json` in base64, byte by byte. */
export async function printPayload(
  { id, json }: PayloadRequest,
  client: Client,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const { rows } = await client.query<{ readonly topic: string; readonly payload: Buffer }>(
    'SELECT topic, payload FROM livescore_dead_letter WHERE id = $1',
    [id],
  );
  const [letter] = rows;
  if (!letter) {
    stderr(`There is no dead letter ${id}.`);
    return 1;
  }
  const { topic, payload } = letter;
  stdout(json ? JSON.stringify({ id, topic, payload: payload.toString('base64') }) : payload.toString('utf8'));
  return 0;
}
