import { Client, type QueryResult } from 'pg';
import { readAddress } from '../../../kernel/service-address.js';
import { UnreachableError } from '../../../kernel/unreachable.errors.js';
import { withCatalogNames } from './catalog-names.js';

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 30_000;

/**
 * One connection; the caller ends it. Every statement that is sent through it names the catalogue, see
 * {@link withCatalogNames}.
 * @throws UnreachableError when the server does not answer within 5 s or refuses
 */
export async function openDatabase(url: string): Promise<Client> {
  try {
    readAddress('database', url);
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
    });
    // A connection that breaks later fails the query that uses it.
    client.on('error', () => {});
    await client.connect();
    return namingTheCatalogue(client);
  } catch (cause) {
    throw new UnreachableError('database', url, cause);
  }
}

function namingTheCatalogue(client: Client): Client {
  const send: (text: string, values?: unknown[]) => Promise<QueryResult> = client.query.bind(client);
  const query = (text: string, values?: unknown[]) => send(withCatalogNames(text), values);
  return Object.assign(client, { query: query as Client['query'] });
}
