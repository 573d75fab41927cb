import { Client } from 'pg';
import { UnreachableError } from './cli.errors.js';

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 30_000;

/**
 * One connection for a command; the caller ends it.
 * @throws UnreachableError when the server does not answer within 5 s or refuses
 */
export async function openDatabase(url: string): Promise<Client> {
  try {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
    });
    // A connection that breaks later fails the query that uses it.
    client.on('error', () => {});
    await client.connect();
    return client;
  } catch (cause) {
    throw new UnreachableError('database', url, cause);
  }
}

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_COLUMN = '42703';

/** Did the statement fail because the database lacks a table or column? */
export function lacksSchema(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === UNDEFINED_TABLE || code === UNDEFINED_COLUMN;
}
