import type { Client } from 'pg';
import { isAddress, shownAddress } from '../../kernel/service-address.js';
import { tlsFailureBehind } from '../../kernel/tls-failure.js';
import { whatToDoAbout } from '../../postgres/database-check.js';
import { sqlState } from '../../postgres/sql-state.js';
import type { Environment } from '../command.js';
import { clockCheck } from './clock-check.js';
import { type Check, type Finding, fault, type Looked, SkippedCheck, warning } from './finding.js';
import { instancesCheck } from './instances-check.js';
import type { LentConnections } from './lent-connections.js';
import { poolerCheck } from './pooler-check.js';
import { schemaChecks } from './schema-checks.js';

/** Checks of the platform database; all but the first are left out when it cannot be asked. */
export function databaseChecks(env: Environment, connections: LentConnections): readonly Check[] {
  return [
    { name: 'database', look: () => lookAtDatabase(env.DATABASE_URL, connections) },
    ...schemaChecks(connections),
    poolerCheck(connections),
    clockCheck(connections),
    instancesCheck(connections),
  ];
}

/** PostgreSQL 13, the oldest that is tested. */
const LEAST_VERSION = 130_000;

const SERVER = `
SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS text,
  pg_is_in_recovery() AS recovering, current_setting('transaction_read_only') AS read_only,
  current_setting('server_encoding') AS encoding`;

interface Server {
  readonly version: number;
  readonly text: string;
  readonly recovering: boolean;
  readonly read_only: string;
  readonly encoding: string;
}

async function lookAtDatabase(url: string | undefined, connections: LentConnections): Promise<Looked> {
  if (!url) {
    const todo = 'name the platform database in it: postgres://user:password@host:5432/name';
    return { findings: [fault('LIVESCORE_NO_DATABASE_URL', 'DATABASE_URL is not set', todo)], seen: '' };
  }
  if (!isAddress('database', url)) throw new SkippedCheck('DATABASE_URL cannot be read');
  const client = await connections.another().catch((error: unknown) => error);
  if (client instanceof Error || !isClient(client)) return { findings: [unreachable(url, client)], seen: '' };
  const { rows } = await client.query<Server>(SERVER);
  const server = rows[0] as Server;
  return { findings: serverFindings(server), seen: `PostgreSQL ${server.text} at ${shownAddress('database', url)}` };
}

function isClient(value: unknown): value is Client {
  return typeof value === 'object' && value !== null && 'query' in value;
}

/** The address without its secrets, and a code: never the driver's words. */
function unreachable(url: string, error: unknown): Finding {
  const at = shownAddress('database', url);
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const tls = tlsFailureBehind(cause);
  if (tls) {
    const what = tls.code === null ? `${at} speaks no TLS` : `TLS to ${at} fails: ${tls.code}`;
    return fault('LIVESCORE_DATABASE_TLS', what, tls.todo);
  }
  const code = sqlState(cause) ?? '';
  const [what, advice] = whatToDoAbout(cause).split(/, (.*)/);
  if (/^(28|3D|53)/.test(code)) {
    return fault(
      'LIVESCORE_DATABASE_REFUSES',
      `${at} refuses: ${what?.replace('failed: ', '') ?? code}`,
      advice ?? 'correct the address',
    );
  }
  return fault(
    'LIVESCORE_DATABASE_UNREACHABLE',
    `${at} cannot be reached: ${code || 'no answer within 5 s'}`,
    'start it, open the way to it, or correct DATABASE_URL',
  );
}

function serverFindings({ version, text, recovering, read_only, encoding }: Server): readonly Finding[] {
  const found: Finding[] = [];
  if (version < LEAST_VERSION)
    found.push(fault('LIVESCORE_DATABASE_TOO_OLD', `it is PostgreSQL ${text}`, 'use PostgreSQL 13 or later'));
  if (recovering) {
    found.push(
      fault(
        'LIVESCORE_DATABASE_READ_ONLY',
        'it is a standby: nothing can be written',
        'name the primary in DATABASE_URL',
      ),
    );
  } else if (read_only === 'on') {
    const todo = 'ALTER ROLE … RESET default_transaction_read_only, or the same for the database';
    found.push(fault('LIVESCORE_DATABASE_READ_ONLY', 'transactions of this role are read-only', todo));
  }
  if (encoding !== 'UTF8') {
    found.push(
      warning(
        'LIVESCORE_DATABASE_ENCODING',
        `its encoding is ${encoding}`,
        'names with other letters will be refused: use a database with encoding UTF8',
      ),
    );
  }
  return found;
}
