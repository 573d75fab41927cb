import { pause } from '../../kernel/deadline.js';
import { REAL_TIME } from '../../kernel/scheduler.js';
import { lacksRight, lacksSchema } from '../../postgres/sql-state.js';
import { type Check, type Finding, fault, SkippedCheck } from './finding.js';
import type { LentConnections } from './lent-connections.js';

/** Each process writes its row every 2 s: two of one name take it from each other twice within 4 s. */
const LOOK_FOR_MS = 5_000;
const EVERY_MS = 50;
/** One change is a restart. */
const LEAST_CHANGES = 2;

const HOSTS = `
SELECT h.host, md5(h.key) AS key FROM livescore_host h WHERE h.seen_at > (clock_timestamp() - interval '1 minute') LIMIT 100`;

/** Do two processes that run at the same time have one name? They throw each other out of the lease then. */
export function instancesCheck(connections: LentConnections): Check {
  return {
    name: 'instances',
    look: async () => {
      const keys = new Map<string, { key: string; changes: number }>();
      const endMs = REAL_TIME.monotonicMs() + LOOK_FOR_MS;
      do {
        const rows = await connections.rows<{ host: string; key: string }>(HOSTS).catch((error: unknown) => {
          if (lacksSchema(error) || lacksRight(error)) throw new SkippedCheck('livescore_host cannot be read');
          throw error;
        });
        for (const { host, key } of rows) {
          const known = keys.get(host);
          if (!known) keys.set(host, { key, changes: 0 });
          else if (known.key !== key) keys.set(host, { key, changes: known.changes + 1 });
        }
        if (rows.length === 0) break;
        await pause(EVERY_MS, REAL_TIME);
      } while (REAL_TIME.monotonicMs() < endMs);
      const findings = [...keys].flatMap(([host, { changes }]) => (changes >= LEAST_CHANGES ? [twoOf(host)] : []));
      return {
        findings,
        seen: keys.size === 0 ? 'no host runs' : `${keys.size} running: ${[...keys.keys()].join(', ')}`,
      };
    },
  };
}

function twoOf(host: string): Finding {
  return fault(
    'LIVESCORE_TWO_OF_ONE_NAME',
    `two processes are called ${host}`,
    'give each its own NODE_APP_INSTANCE (PM2: instance_var) or lease.holder, or stop the one that is too many',
  );
}
