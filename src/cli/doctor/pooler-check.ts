import type { Client } from 'pg';
import { type Check, note, SkippedCheck } from './finding.js';
import type { LentConnections } from './lent-connections.js';

const LONGEST_MS = 3_000;
/** The other client may have got a third server connection, and left ours free. */
const ROUNDS = 5;
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
      const isByTransaction = await changesBackend(first, second, before);
      if (!isByTransaction && before === told(first))
        return { findings: [], seen: 'none: the way leads to PostgreSQL itself' };
      return { findings: [isByTransaction ? BY_TRANSACTION : BY_SESSION], seen: '' };
    },
  };
}

/** Is the first client ever served by another backend than before, while the second one has a transaction open? */
async function changesBackend(first: Client, second: Client, before: number | undefined): Promise<boolean> {
  for (let n = 0; n < ROUNDS; n++) {
    await second.query('BEGIN');
    await backendOf(second);
    // where the pooler has one connection only, this one waits for the transaction to end
    const during = await Promise.race([backendOf(first), aMoment()]);
    await second.query('ROLLBACK');
    if (during !== before) return true;
  }
  return false;
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
