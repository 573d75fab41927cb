// The package in the middle of a rollout: half of the matches on the direct path, the others on the stand-in of the
// legacy path, which works, hangs, or has lost its Redis.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from 'pg';
import { freePort } from '../../examples/host/embedded/free-port.js';
import type { LegacyPathOptions } from '../../examples/legacy/legacy-path.js';
import { LegacyPathModule } from '../../examples/legacy/legacy-path.module.js';
import { MatchLock } from '../../examples/legacy/match-lock.js';
import { LiveScoreModule } from '../../src/live-score.module.js';
import { DIRECT_PERCENT } from '../workload.js';
import { startOurs } from './start-ours.js';
import { runSubject } from './subject.js';

const REDIS_PORT = 6379;
const PROBE_TIMEOUT_MS = 300;

/** Whoever asks for it waits for ever, and everything queued behind it does, too. */
class HangingLock extends MatchLock {
  override acquire(): Promise<null> {
    return new Promise(() => undefined);
  }
  override async release(): Promise<void> {}
  override async ping(): Promise<boolean> {
    return false;
  }
  override async close(): Promise<void> {}
}

await runSubject(async (settings) => {
  const { mqttUrl, topic, databaseUrl, qos } = settings;
  await enterCanary(databaseUrl);
  const rollout = {
    // a busy machine is no reason to go back in the middle of the comparison
    watch: { limits: { maxP95Ms: 60_000, maxErrorShare: 1, maxDifferentShare: 1, maxFeedLagMs: 600_000 } },
  };
  const module = {
    module: class BesideLegacy {},
    imports: [
      LegacyPathModule.with({ databaseUrl, ...(await faultOf(process.env.BENCH_LEGACY)) }),
      LiveScoreModule.forRoot({
        mqtt: { url: mqttUrl, topics: [topic], qos },
        postgres: { connection: databaseUrl },
        rollout,
        withRollout: true,
      }),
    ],
  };
  return startOurs(module, settings);
});

async function faultOf(name: string | undefined): Promise<Pick<LegacyPathOptions, 'lock' | 'redisUrl'>> {
  if (name === 'hangs') return { lock: new HangingLock() };
  if (name === 'no-redis') return { redisUrl: `redis://127.0.0.1:${await freePort()}` };
  return { redisUrl: await findRedis() };
}

/** REDIS_URL, else a server on the usual port; null: the lock is in memory. */
async function findRedis(): Promise<string | null> {
  if (process.env.REDIS_URL) return process.env.REDIS_URL;
  const socket = connect(REDIS_PORT, '127.0.0.1');
  const answers = await once(socket, 'connect', { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
    () => true,
    () => false,
  );
  socket.destroy();
  return answers ? `redis://127.0.0.1:${REDIS_PORT}` : null;
}

async function enterCanary(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `INSERT INTO livescore_rollout (stage, percent, changed_by, reason) VALUES ('canary', $1, 'bench', 'comparison')`,
    [DIRECT_PERCENT],
  );
  await client.end();
}
