import type { Client } from 'pg';
import { PgRolloutStore } from '../rollout/adapters/pg/pg-rollout-store.js';
import type { RolloutStore } from '../rollout/ports/rollout-store.js';
import { CommandError, UsageError } from './cli.errors.js';
import { ClientDatabase } from './client-database.js';
import type { Environment } from './command.js';
import { lacksSchema, openDatabase } from './open-database.js';

/** Does something with the rollout of the platform database, DATABASE_URL. @throws UsageError, CommandError */
export function withRolloutStore<T>(env: Environment, action: (store: RolloutStore) => Promise<T>): Promise<T> {
  return withRolloutClient(env, (client) => action(new PgRolloutStore(new ClientDatabase(client))));
}

/** The same with the connection itself. @throws UsageError, CommandError */
export async function withRolloutClient<T>(
  { DATABASE_URL: url }: Environment,
  action: (client: Client) => Promise<T>,
): Promise<T> {
  if (!url) throw new UsageError('DATABASE_URL is not set: name the platform database in it');
  const client = await openDatabase(url);
  try {
    return await action(client);
  } catch (cause) {
    if (!lacksSchema(cause)) throw cause;
    const message = 'the database has no tables for the rollout: run `livescore migrate` first';
    throw new CommandError('LIVESCORE_NO_ROLLOUT', message, {}, { cause });
  } finally {
    await client.end();
  }
}

/** Who changes something: `--by`, or the user of this shell. */
export function operator(by: string | undefined, { USER, LOGNAME, USERNAME }: Environment): string {
  const name = (by ?? USER ?? LOGNAME ?? USERNAME ?? '').trim();
  if (name !== '') return name;
  throw new UsageError('say who you are with --by NAME');
}
