import { jsonIn } from '../kernel/json.js';
import { LiveScoreError } from '../kernel/livescore.errors.js';
import { UnreachableError } from '../kernel/unreachable.errors.js';
import { PgHostRows } from '../lease/adapters/pg/pg-host-rows.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { CommandError } from './cli.errors.js';
import type { Environment } from './command.js';
import { type NeededTables, withDatabase } from './platform-database.js';

const TIMEOUT_MS = 5_000;

/** Running hosts whose keys are tried. */
const MOST_KEYS = 10;
const HOST_ROWS: NeededTables = { code: 'LIVESCORE_NO_HOSTS', lack: 'the database has no table for hosts' };

/** One answer of a host, whatever its status. */
export interface HostAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * What opens the guarded answers of a host, best first: `LIVESCORE_INTERNAL_SECRET`, else the keys that the hosts keep in the
 * database of `DATABASE_URL`. A database that cannot be asked is told of when nothing else helps: none then.
 */
export async function secretsOf(env: Environment): Promise<readonly string[]> {
  const { LIVESCORE_INTERNAL_SECRET: secret, DATABASE_URL: database } = env;
  if (secret) return [secret];
  if (!database) return [];
  return withDatabase(env, HOST_ROWS, async (client) => {
    const hosts = await new PgHostRows(new ClientDatabase(client)).list();
    return hosts.slice(0, MOST_KEYS).map(({ key }) => key);
  }).catch((error: unknown) => {
    if (error instanceof LiveScoreError) return [];
    throw error;
  });
}

/**
 * One route of a running host, without or with a secret. A path of the host's address is its global prefix.
 * @param path without the prefix, with a leading slash; a query may follow
 * @throws UnreachableError when it does not answer within 5 s
 */
export async function askHost(host: URL, path: string, secret?: string): Promise<HostAnswer> {
  const url = new URL(host);
  url.protocol = host.protocol.replace('ws', 'http');
  const [route = '', query = ''] = path.split('?');
  url.pathname = `${host.pathname.replace(/\/$/, '')}${route}`;
  url.search = query;
  try {
    const response = await fetch(url, {
      headers: secret === undefined ? {} : { 'x-internal-secret': secret },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new UnreachableError('host', host.href, cause instanceof Error ? (cause.cause ?? cause) : cause);
  }
}

/**
 * The answer of a guarded route to the first secret that the host knows.
 * @param read null for a body that is no such answer
 * @param what as in "without an explanation"
 * @throws UnreachableError
 * @throws CommandError when no secret brings such an answer
 */
export async function askGuarded<Answer>(
  host: URL,
  path: string,
  secrets: readonly string[],
  { code, what, read }: { code: string; what: string; read: (body: unknown) => Answer | null },
): Promise<Answer> {
  let status = 0;
  for (const secret of secrets.length > 0 ? secrets : [undefined]) {
    const answer = await askHost(host, path, secret);
    const known = read(jsonIn(answer.text));
    if (known) return known;
    status = answer.status;
  }
  throw new CommandError(
    code,
    `${host.host} answered ${status} without ${what}: is it a host with @goalgpt/livescore? It answers who shows its secret: set LIVESCORE_INTERNAL_SECRET to its option health.internalSecret, or DATABASE_URL to its database`,
  );
}
