import { Client, type QueryResultRow } from 'pg';
import { UnreachableError } from '../../kernel/unreachable.errors.js';
import { withCatalogNames } from '../../postgres/adapters/pg/catalog-names.js';
import { refuseAborted } from './postgres-tools.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** A table of many gigabytes is read whole. */
const QUERY_TIMEOUT_MS = 3_600_000;

/** One connection for statements that take long. Each of them names the catalogue. */
export interface LongClient {
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** A statement that calls nothing, or a function as the database gave it: sent as it stands. */
  run(text: string): Promise<void>;
  end(): Promise<void>;
}

/** Rows as text are the same everywhere only with the same settings. */
const SAME_TEXT = [
  `SET DateStyle = 'ISO, MDY'`,
  `SET IntervalStyle = 'postgres'`,
  `SET TimeZone = 'UTC'`,
  'SET extra_float_digits = 3',
  `SET bytea_output = 'hex'`,
];

/** A role may have limits of its own: one connection stands idle with its snapshot while the tools work. Not every server knows all. */
const WITHOUT_LIMITS = `SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name = ANY (ARRAY[
  'statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout'])`;

/** The same for a script of psql. */
export const SAME_TEXT_SCRIPT = [...SAME_TEXT, WITHOUT_LIMITS].map((statement) => `${statement};`).join('\n');

/** @throws UnreachableError */
export async function openLong(url: string): Promise<LongClient> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  // A connection that breaks later fails the query that uses it.
  client.on('error', () => {});
  try {
    await client.connect();
    for (const statement of [...SAME_TEXT, WITHOUT_LIMITS]) await client.query(statement);
  } catch (cause) {
    await client.end().catch(() => {});
    throw new UnreachableError('database', url, cause);
  }
  return {
    query: async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(withCatalogNames(text), [...values])).rows,
    run: async (text) => void (await client.query(text)),
    end: () => client.end(),
  };
}

/**
 * Runs statements that end when somebody interrupts: a large table takes minutes, and nobody waits for it any more. The client is
 * of no use then.
 * @throws InterruptedError
 */
export async function untilAborted<T>(client: LongClient, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  const end = () => void client.end().catch(() => {});
  signal.addEventListener('abort', end, { once: true });
  try {
    refuseAborted(signal);
    return await action();
  } catch (error) {
    refuseAborted(signal);
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
