import type { Client } from 'pg';
import { type Check, note, SkippedCheck } from './finding.js';
import type { LentConnections } from './lent-connections.js';

/** Where a pooler prefers the connection that came back last, both clients meet it; where it takes turns, one client meets several. */
const TURNS = 4;
const BACKEND = 'SELECT pg_backend_pid() AS pid';

/**
 * Is there a pooler between us and PostgreSQL, and does it lend server connections by the transaction? Then two clients that
 * are open side by side do not have one backend each.
 */
export function poolerCheck(connections: LentConnections): Check {
  return {
    name: 'pooler',
    look: async () => {
      await connections.rows(BACKEND);
      const [first, second] = await Promise.all([connections.another(), connections.another()]).catch(() => {
        throw new SkippedCheck('the database takes no more connections');
      });
      const ofFirst = await backendOf(first);
      if (await areLentAnew(first, ofFirst, second)) return { findings: [BY_TRANSACTION], seen: '' };
      if (ofFirst === told(first)) return { findings: [], seen: 'none: the way leads to PostgreSQL itself' };
      return { findings: [BY_SESSION], seen: '' };
    },
  };
}

/** Asked in turns: was the first client served by another backend than before, or the second one by that of the first? */
async function areLentAnew(first: Client, ofFirst: number | undefined, second: Client): Promise<boolean> {
  const ofSecond = await backendOf(second);
  if (ofSecond === ofFirst) return true;
  for (let n = 0; n < TURNS; n++) {
    // twice each: a pooler that takes turns among two connections would give each client its own
    for (const [client, backend] of [
      [first, ofFirst],
      [first, ofFirst],
      [second, ofSecond],
      [second, ofSecond],
    ] as const) {
      if ((await backendOf(client)) !== backend) return true;
    }
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

async function backendOf(client: Client): Promise<number | undefined> {
  return (await client.query<{ pid: number }>(BACKEND)).rows[0]?.pid;
}

/** The backend as the other side named it when the connection began: a pooler makes one up. */
function told(client: Client): number | null {
  const id = (client as unknown as { readonly processID?: unknown }).processID;
  return typeof id === 'number' ? id : null;
}
