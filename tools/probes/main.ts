import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../examples/host/embedded/postgres.js';
import { createTestDatabase } from '../../test/support/database.js';
import { eventually } from '../../test/support/eventually.js';
import { HostUnderAttack } from '../doors/host-under-attack.js';
import { brokerKind, startBroker } from '../faults/parts/broker.js';
import { Cleanup } from '../faults/parts/cleanup.js';
import { runToTheEnd } from '../faults/parts/run-to-the-end.js';
import { BareProcess } from './bare-process.js';
import { FloodProcess } from './flood-process.js';
import { seedFloodedMatches } from './flooded-matches.js';
import { FrozenPostgres } from './frozen-postgres.js';
import { type Addresses, ask, type Measured, type Measurement, measure } from './measurement.js';
import { readOptions } from './options.js';
import { faultsOf, LIMIT_MS, LOSS_LIMIT_MS, type Phase } from './verdict.js';

// How fast do the probes answer while the writer is saturated, and while PostgreSQL hangs? A server of its own is stopped for it.

const TOPIC = 'probes/test';
const SECRET = 'probes-internal-secret';
const RECOVERY_MS = 30_000;
/** as in examples/pm2: a host near its bound collects all the time, 100 ms and more without an answer */
const HEAP_MB = 2_048;

const options = readOptions(process.argv.slice(2));
const WARM_SECONDS = 4;
const cleanup = new Cleanup();
await runToTheEnd(async () => {
  process.exitCode = (await probeAll()) === 0 ? 0 : 1;
}, cleanup);

interface Scene extends Addresses {
  readonly server: FrozenPostgres;
  readonly brokerUrl: string;
}

/** @returns how much is wrong */
async function probeAll(): Promise<number> {
  const scene = await setScene();
  const phases: Phase[] = [{ name: 'calm', ...(await measure(scene, SECRET, options.seconds)) }];
  const flood = FloodProcess.start(scene.brokerUrl, TOPIC, options.rate);
  cleanup.add(() => flood.stop());
  // what the first seconds of a flood cost is the compiler's work
  await eventually(() => flood.frames > WARM_SECONDS * options.rate, { what: 'the flood', timeoutMs: 60_000 });
  const before = await booksOf(scene.host);
  const sentBefore = flood.frames;
  phases.push({ name: 'saturated', ...(await measure(scene, SECRET, options.seconds)) });
  const after = await booksOf(scene.host);
  const perSecond = (count: number) => Math.round(count / options.seconds);
  const load = {
    framesPerSecond: perSecond(flood.frames - sentBefore),
    receivedPerSecond: perSecond(after.received - before.received),
    appliedPerSecond: perSecond(after.applied - before.applied),
    supersededPerSecond: perSecond(after.superseded - before.superseded),
  };
  const frozen = await measureFrozen(scene);
  phases.push({ name: 'frozen', ...frozen.measured });
  return report(phases, load, frozen);
}

async function setScene(): Promise<Scene> {
  const postgres = await startEmbeddedPostgres();
  cleanup.add(() => postgres.stop());
  process.env.DATABASE_URL = postgres.url;
  const database = await createTestDatabase();
  await seedFloodedMatches(database.url);
  const logs = mkdtempSync(join(tmpdir(), 'livescore-probes-'));
  const broker = await startBroker(brokerKind(), 'for-the-window', join(logs, 'broker.log'));
  cleanup.add(() => broker.stop());
  const variables = {
    DATABASE_URL: database.url,
    MQTT_URL: broker.url,
    MQTT_TOPIC: TOPIC,
    METRICS: 'on',
    LIVESCORE_INTERNAL_SECRET: SECRET,
    PORT: '0',
    REDIS_URL: '',
  };
  const host = await HostUnderAttack.start('examples/host/main.js', variables, HEAP_MB);
  cleanup.add(async () => void (await host.end()));
  const server = await FrozenPostgres.of(postgres.url);
  await statusOfReady(host.address, 200, RECOVERY_MS);
  const bare = await BareProcess.start();
  cleanup.add(() => bare.stop());
  return { host: host.address, bare: bare.address, server, brokerUrl: broker.url };
}

interface Frozen {
  readonly measured: Measurement;
  /** from the stop to the first 503, and from the end of it to the first 200, ms */
  readonly lossMs: number;
  readonly recoveryMs: number;
}

/** The flood goes on meanwhile. */
async function measureFrozen(scene: Scene): Promise<Frozen> {
  const { host, server } = scene;
  server.freeze();
  cleanup.add(() => server.thaw());
  const [measured, lossMs] = await Promise.all([
    measure(scene, SECRET, Math.max(options.seconds, 4)),
    statusOfReady(host, 503, RECOVERY_MS),
  ]);
  server.thaw();
  return { measured, lossMs, recoveryMs: await statusOfReady(host, 200, RECOVERY_MS) };
}

/** @returns after how many milliseconds readiness says so */
async function statusOfReady(host: string, wanted: number, timeoutMs: number): Promise<number> {
  const startMs = performance.now();
  const url = new URL(`http://${host}/ready`);
  await eventually(async () => (await ask(url, SECRET)).status === wanted, { what: `readiness ${wanted}`, timeoutMs });
  return Math.round(performance.now() - startMs);
}

async function booksOf(host: string): Promise<Readonly<Record<'received' | 'applied' | 'superseded', number>>> {
  const answer = await fetch(`http://${host}/health`, { signal: AbortSignal.timeout(10_000) });
  return ((await answer.json()) as { accounting: Record<'received' | 'applied' | 'superseded', number> }).accounting;
}

function report(phases: readonly Phase[], load: Readonly<Record<string, number>>, frozen: Frozen): number {
  const { lossMs, recoveryMs } = frozen;
  const faults = phases.flatMap((phase) => faultsOf(phase, options.isShort));
  if (lossMs > LOSS_LIMIT_MS) faults.push(`frozen: readiness said so after ${lossMs} ms`);
  if (options.json) console.log(JSON.stringify({ limitMs: LIMIT_MS, load, lossMs, recoveryMs, phases, faults }));
  else {
    console.log(
      `limit ${LIMIT_MS} ms for the p99 of every route${options.isShort ? ', beyond that of a bare server' : ''}; load: ${JSON.stringify(load)}`,
    );
    for (const { name, rows, bare } of phases) for (const row of [bare, ...rows]) console.log(line(name, row));
    console.log(
      `readiness: 503 after ${lossMs} ms of a stopped PostgreSQL, 200 again ${recoveryMs} ms after it went on`,
    );
    for (const fault of faults) console.log(`FAIL  ${fault}`);
    console.log(faults.length === 0 ? 'ok' : `${faults.length} faults`);
  }
  return faults.length;
}

function line(phase: string, { route, count, p50, p99, max, statuses }: Measured): string {
  const figures = [p50, p99, max].map((ms) => ms.toFixed(1).padStart(8)).join('');
  return `${phase.padEnd(10)} ${route.padEnd(28)} p50, p99, max ms${figures}  ${statuses.join(' ')} (${count})`;
}
