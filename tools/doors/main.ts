import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createTestDatabase } from '../../test/support/database.js';
import { RawSocket, upgradeRequest } from '../../test/support/raw-socket.js';
import { brokerKind, startBroker } from '../faults/parts/broker.js';
import { Cleanup } from '../faults/parts/cleanup.js';
import { findDatabaseServer } from '../faults/parts/database-server.js';
import { Attackers } from './attackers.js';
import { ATTACKS } from './attacks.js';
import { DatabaseWork } from './database-work.js';
import { type Felt, GoodClient } from './good-client.js';
import { HostUnderAttack } from './host-under-attack.js';
import { readOptions } from './options.js';
import { TOKEN_SECRET } from './protocol-2-attacks.js';
import { faultsOf, type Limits, limitsOf } from './verdict.js';
import { seedMatches } from './watched-matches.js';

// What strangers do to the host, one after another, while somebody watches a match: does anybody notice, does anything stay?

const TOPIC = 'doors/test';
const LEAVE_MS = 10_000;
const LONGEST_END_MS = 5_000;
const MOST_LOG_BYTES_PER_S = 5_600;

const options = readOptions(process.argv.slice(2));
const cleanup = new Cleanup();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => cleanup.run().finally(() => process.exit(1)));
}
try {
  process.exitCode = (await attackAll()) === 0 ? 0 : 1;
} finally {
  await cleanup.run();
}

/** @returns how many attacks were noticed */
async function attackAll(): Promise<number> {
  const startedAtMs = performance.now();
  const scene = await setScene();
  const { host, good } = scene;
  const limits = await limitsOfCalm(scene);
  const names = Object.keys(ATTACKS).filter((one) => one.includes(options.only));
  let noticed = 0;
  for (let at = 0; at < names.length; at += options.together) {
    const tried = names.slice(at, at + options.together);
    // what the machine did meanwhile is noticed once, what the attack does twice
    const isUnnoticed = () => areUnnoticed(tried, scene, limits);
    if (!(await isUnnoticed()) && !(await isUnnoticed())) noticed += 1;
  }
  if (good.wasClosed) noticed += 1;
  const logged = host.logBytes / ((performance.now() - startedAtMs) / 1_000);
  console.log(`log: ${Math.round(logged)} bytes a second`);
  if (logged > MOST_LOG_BYTES_PER_S) noticed += 1;
  if (!(await endsAtOnce(host))) noticed += 1;
  console.log(JSON.stringify({ attacks: names.length, noticed }));
  return noticed;
}

interface Scene {
  readonly host: HostUnderAttack;
  readonly good: GoodClient;
  readonly work: DatabaseWork;
}

async function setScene(): Promise<Scene> {
  const server = await findDatabaseServer();
  cleanup.add(() => server.stop());
  process.env.DATABASE_URL = server.url;
  const database = await createTestDatabase();
  cleanup.add(() => database.drop());
  const logs = mkdtempSync(join(tmpdir(), 'livescore-doors-'));
  const broker = await startBroker(brokerKind(), 'for-the-window', join(logs, 'broker.log'));
  cleanup.add(() => broker.stop());
  const host = await HostUnderAttack.start(options.bare ? 'tools/doors/bare-host.js' : 'examples/host/main.js', {
    DATABASE_URL: database.url,
    MQTT_URL: broker.url,
    MQTT_TOPIC: TOPIC,
    PORT: '0',
    REDIS_URL: '',
    TRUSTED_PROXIES: '127.0.0.1',
    ORIGINS: 'https://scores.example',
    LIVESCORE_JWT_SECRET: TOKEN_SECRET,
  });
  cleanup.add(async () => void (await host.end()));
  await seedMatches(database.url);
  const good = await GoodClient.start(host.address, broker.url, TOPIC, options.bare ? 1 : 2);
  cleanup.add(() => good.stop());
  const work = await DatabaseWork.watch(database.url);
  cleanup.add(() => work.stop());
  return { host, good, work };
}

async function limitsOfCalm({ host, good, work }: Scene): Promise<Limits> {
  await pause(2_000);
  good.felt();
  await work.perSecond();
  await pause(Math.max(2, options.seconds) * 1_000);
  const calm = good.felt();
  console.log(`calm: ${shown(calm)}`);
  return limitsOf(calm, { ...host.size, perSecond: await work.perSecond() }, options.short);
}

/** @param names kinds of attacks, all at the same time */
async function areUnnoticed(names: readonly string[], { host, good, work }: Scene, limits: Limits): Promise<boolean> {
  const attackers = await Attackers.start(host.address, Math.ceil(options.attackers / names.length), names);
  good.felt();
  await work.perSecond();
  const [cpuS, startMs] = [host.cpuS, performance.now()];
  await pause(options.seconds * 1_000);
  const felt = good.felt();
  const share = ((host.cpuS - cpuS) / (performance.now() - startMs)) * 100_000;
  const most = host.size;
  const tries = (await attackers.end()) / options.seconds;
  const perSecond = await work.perSecond();
  const deadline = performance.now() + LEAVE_MS;
  while ((host.size.fds > limits.fds || host.size.rssMb > limits.rssMb) && performance.now() < deadline)
    await pause(50);
  const faults = faultsOf(felt, { ...host.size, perSecond }, limits);
  console.log(
    `${faults.length === 0 ? 'ok    ' : 'FAIL  '}${names.join(' + ')}: ${shown(felt)}; ${Math.round(tries)} connections a second; ` +
      `${Math.round(perSecond)} transactions a second; ${Math.round(share)} % of a core; ${most.fds} files, ${Math.round(most.rssMb)} MB, then ${host.size.fds}${faults.map((fault) => `; ${fault}`).join('')}`,
  );
  return faults.length === 0;
}

function shown({ goalP99, changeP99, answerP99, healthP99, goals }: Felt): string {
  const [goal, change, answer, health] = [goalP99, changeP99, answerP99, healthP99].map((ms) => ms.toFixed(1));
  return `p99 of goals ${goal} ms (${goals}), of changes ${change} ms, of answers ${answer} ms, of health ${health} ms`;
}

/** With sockets of every kind open, none of which would leave by itself. */
async function endsAtOnce(host: HostUnderAttack): Promise<boolean> {
  const requests = ['/health', '/ws', '/nothing'].flatMap((path) => [
    upgradeRequest(path, { upgrade: 'h2c' }),
    upgradeRequest(path),
    upgradeRequest(path, { method: 'POST' }),
    `GET ${path} HTTP/1.1\r\nHo`,
  ]);
  for (const request of requests) (await RawSocket.connect(host.address, request)).socket.pause();
  await pause(200);
  const tookMs = await host.end();
  console.log(`end: ${Math.round(tookMs)} ms`);
  return tookMs < LONGEST_END_MS;
}
