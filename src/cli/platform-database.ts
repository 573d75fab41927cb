import type { Client } from 'pg';
import { readAddress } from '../kernel/service-address.js';
import { reasonOf, UnreachableError } from '../kernel/unreachable.errors.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { openDatabase } from '../postgres/adapters/pg/open-database.js';
import { lacksRight, lacksSchema } from '../postgres/sql-state.js';
import { PgRolloutStore } from '../rollout/adapters/pg/pg-rollout-store.js';
import type { RolloutStore } from '../rollout/ports/rollout-store.js';
import { CommandError, UsageError } from './cli.errors.js';
import type { Environment } from './command.js';

/** Tables that a command cannot do without: the code and the words when the database lacks them. */
export interface NeededTables {
  readonly code: string;
  /** what the database lacks, as in "the database has no journal" */
  readonly lack: string;
}

/** How one kind of connection is opened and closed. */
export interface Connecting<Connection> {
  open(url: string): Promise<Connection>;
  close(connection: Connection): Promise<unknown>;
}

const ONE_CLIENT: Connecting<Client> = { open: openDatabase, close: (client) => client.end() };
const ROLLOUT_TABLES: NeededTables = {
  code: 'LIVESCORE_NO_ROLLOUT',
  lack: 'the database has no tables for the rollout',
};

/**
 * Lends a command one connection to the platform database, `DATABASE_URL`, and closes it whatever comes of it.
 * @throws UsageError when no database is named
 * @throws UnreachableError when it does not answer, refuses, or its address is none
 * @throws CommandError when tables or rights are missing
 */
export function withDatabase<T>(
  env: Environment,
  needed: NeededTables,
  action: (client: Client) => Promise<T>,
): Promise<T> {
  return withConnection(env, ONE_CLIENT, needed, action);
}

/** The same for the rollout of the platform database. */
export function withRollout<T>(
  env: Environment,
  action: (store: RolloutStore, client: Client) => Promise<T>,
): Promise<T> {
  return withDatabase(env, ROLLOUT_TABLES, (client) => action(new PgRolloutStore(new ClientDatabase(client)), client));
}

/** The same for any kind of connection. */
export async function withConnection<Connection, T>(
  { DATABASE_URL: url }: Environment,
  { open, close }: Connecting<Connection>,
  needed: NeededTables | null,
  action: (connection: Connection) => Promise<T>,
): Promise<T> {
  if (!url) throw new UsageError('DATABASE_URL is not set: name the platform database in it');
  const connection = await opened(url, open);
  try {
    return await action(connection);
  } catch (cause) {
    throw explained(cause, needed);
  } finally {
    await close(connection);
  }
}

/** What cannot be read as an address reaches no driver: each reads it in its own way, and tells of it in its own words. */
async function opened<Connection>(url: string, open: Connecting<Connection>['open']): Promise<Connection> {
  try {
    readAddress('database', url);
    return await open(url);
  } catch (cause) {
    throw cause instanceof UnreachableError ? cause : new UnreachableError('database', url, cause);
  }
}

function explained(cause: unknown, needed: NeededTables | null): unknown {
  if (needed && lacksSchema(cause)) {
    return new CommandError(needed.code, `${needed.lack}: run \`livescore migrate\` first`, {}, { cause });
  }
  if (!lacksRight(cause)) return cause;
  const message = `the role of DATABASE_URL may not do that (${reasonOf(cause)}): grant it the right, or name another role`;
  return new CommandError('LIVESCORE_NO_RIGHT', message, {}, { cause });
}
