import type { Client } from 'pg';
import { type Check, note, SkippedCheck } from './finding.js';
import type { LentConnections } from './lent-connections.js';

const LONGEST_MS = 3_000;
const BACKEND = 'SELECT pg_backend_pid() AS pid';

/**
 * Is there a pooler between us and PostgreSQL, and does it lend server connections by the transaction? While one connection
 * holds a transaction open another one is served by somebody else then.
 */
export function poolerCheck(connections: LentConnections): Check {
  return {
    name: 'pooler',
    look: async () => {
      await connections.rows(BACKEND);
      const [first, second] = await Promise.all([connections.another(), connections.another()]).catch(() => {
        throw new SkippedCheck('the database takes no more connections');
      });
      const before = await backendOf(first);
      await second.query('BEGIN');
      await backendOf(second);
      // where the pooler has one connection only, this one waits for the transaction to end
      const during = await Promise.race([backendOf(first), aMoment()]);
      await second.query('ROLLBACK');
      const isByTransaction = before !== during;
      if (!isByTransaction && before === told(first))
        return { findings: [], seen: 'none: the way leads to PostgreSQL itself' };
      return { findings: [isByTransaction ? BY_TRANSACTION : BY_SESSION], seen: '' };
    },
  };
}

const BY_TRANSACTION = note(
  'LIVESCORE_TRANSACTION_POOLER',
  'a pooler lends connections by the transaction',
  "leave preparedStatements at 'auto': it goes over to unnamed statements by itself, and says so once in the log",
);
const BY_SESSION = note(
  'LIVESCORE_SESSION_POOLER',
  'a pooler lends connections by the session',
  'nothing is to be done: it works as without one',
);

function aMoment(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, LONGEST_MS, null).unref());
}

async function backendOf(client: Client): Promise<number | undefined> {
  return (await client.query<{ pid: number }>(BACKEND)).rows[0]?.pid;
}

/** The backend as the other side named it when the connection began: a pooler makes one up. */
function told(client: Client): number | null {
  const id = (client as unknown as { readonly processID?: unknown }).processID;
  return typeof id === 'number' ? id : null;
}
