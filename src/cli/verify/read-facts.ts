import type { Client } from 'pg';
import { jsonIn } from '../../kernel/json.js';
import { ClientDatabase } from '../../postgres/adapters/pg/client-database.js';
import { lacksRight, lacksSchema } from '../../postgres/sql-state.js';
import { PgRolloutStore } from '../../rollout/adapters/pg/pg-rollout-store.js';
import type { RolloutSnapshot } from '../../rollout/ports/rollout-store.js';
import type { Environment } from '../command.js';
import { askHost, secretsOf } from '../host-answer.js';
import { type NeededTables, withDatabase } from '../platform-database.js';
import { reasonTold } from '../reason-told.js';
import { directMatches } from './direct-matches.js';
import { type DatabaseFacts, duration, type HostFacts, type Known, type VerifyFacts } from './facts.js';
import { readDatabase } from './read-database.js';
import { type Looking, readHost, TWO_SECONDS } from './read-host.js';
import { CLOCK } from './statements.js';

const TABLES: NeededTables = { code: 'LIVESCORE_NO_TABLES', lack: 'the database lacks tables of the package' };

const CLOCK_LOOKS = 5;
/** A clock that tells its time so late tells nothing. */
const SLOW_CLOCK_MS = 2_000;

/**
 * Asks host and database at the same time.
 * @param periodS how far back the journal is looked at
 */
export async function readFacts(
  host: URL,
  env: Environment,
  periodS: number,
  looking: Looking = TWO_SECONDS,
): Promise<VerifyFacts> {
  const hostFacts = secretsOf(env)
    .catch(() => [])
    .then((secrets) => readHost(host, secrets, looking));
  const database = await databaseFacts(host, env, periodS, hostFacts);
  return { host: await hostFacts, database, period: duration(periodS) };
}

async function databaseFacts(
  host: URL,
  env: Environment,
  periodS: number,
  hostFacts: Promise<Known<HostFacts>>,
): Promise<Known<DatabaseFacts>> {
  try {
    const value = await withDatabase(env, TABLES, async (client) => {
      const skewMs = difference(await aheadMs(() => databaseMs(client)), await aheadMs(() => hostMs(host)));
      const snapshot = await readSnapshot(client);
      const secondLook = hostFacts.then((known) =>
        directMatches('value' in known ? known.value.health.rollout : undefined, snapshot),
      );
      return readDatabase(client, { periodS, skewMs, secondLook });
    });
    return { value };
  } catch (error) {
    return { unknown: reasonTold(error), failed: true };
  }
}

/** A clock beside ours: by how much it is ahead, and how far that may be wrong, ms. */
interface Ahead {
  readonly ms: number;
  readonly errorMs: number;
}

/** Asks a clock a few times: the quickest answer tells most. Null where it never tells. */
async function aheadMs(ask: () => Promise<number>): Promise<Ahead | null> {
  let best: Ahead | null = null;
  for (let n = 0; n < CLOCK_LOOKS; n++) {
    const sentMs = Date.now();
    const toldMs = await ask();
    const errorMs = (Date.now() - sentMs) / 2 + 1;
    if (!Number.isNaN(toldMs) && (best === null || errorMs < best.errorMs))
      best = { ms: toldMs - sentMs - errorMs, errorMs };
    if (errorMs > SLOW_CLOCK_MS) break;
  }
  return best;
}

/** By how much the first clock is ahead of the second; 0 where that cannot be told apart from the way of the answers. */
function difference(a: Ahead | null, b: Ahead | null): number {
  if (!a || !b || Math.abs(a.ms - b.ms) <= a.errorMs + b.errorMs) return 0;
  return a.ms - b.ms;
}

async function databaseMs(client: Client): Promise<number> {
  return (await client.query<{ now: number }>(CLOCK)).rows[0]?.now ?? Number.NaN;
}

async function hostMs(host: URL): Promise<number> {
  const answer = await askHost(host, '/health').catch(() => null);
  const body = answer ? jsonIn(answer.text) : null;
  return typeof body === 'object' && body !== null && 'timestamp' in body
    ? Date.parse(String(body.timestamp))
    : Number.NaN;
}

async function readSnapshot(client: Client): Promise<RolloutSnapshot | null> {
  try {
    return await new PgRolloutStore(new ClientDatabase(client)).read();
  } catch (error) {
    if (lacksSchema(error) || lacksRight(error)) return null;
    throw error;
  }
}
