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
import { GoodClient } from './good-client.js';
import { HostUnderAttack } from './host-under-attack.js';
import { readOptions } from './options.js';
import { faultsOf, type Limits, limitsOf } from './verdict.js';

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
  const server = await findDatabaseServer();
  cleanup.add(() => server.stop());
  process.env.DATABASE_URL = server.url;
  const database = await createTestDatabase();
  cleanup.add(() => database.drop());
  const logs = mkdtempSync(join(tmpdir(), 'livescore-doors-'));
  const broker = await startBroker(brokerKind(), 'for-the-window', join(logs, 'broker.log'));
  cleanup.add(() => broker.stop());
  const startedAtMs = performance.now();
  const program = options.bare ? 'tools/doors/bare-host.js' : 'examples/host/main.js';
  const host = await HostUnderAttack.start(program, {
    DATABASE_URL: database.url,
    MQTT_URL: broker.url,
    MQTT_TOPIC: TOPIC,
    PORT: '0',
    REDIS_URL: '',
  });
  cleanup.add(async () => void (await host.end()));
  const good = await GoodClient.start(host.address, database.url, broker.url, TOPIC);
  cleanup.add(() => good.stop());
  await pause(2_000);
  good.felt();
  await pause(Math.max(2, options.seconds) * 1_000);
  const calm = good.felt();
  console.log(`calm: p99 of goals ${calm.goalP99.toFixed(1)} ms, of health ${calm.healthP99.toFixed(1)} ms`);
  const limits = limitsOf(calm, host.size, options.short);
  let noticed = 0;
  const names = Object.keys(ATTACKS).filter((one) => one.includes(options.only));
  for (let at = 0; at < names.length; at += options.together) {
    if (!(await areUnnoticed(names.slice(at, at + options.together), host, good, limits))) noticed += 1;
  }
  if (good.wasClosed) noticed += 1;
  const logged = host.logBytes / ((performance.now() - startedAtMs) / 1_000);
  console.log(`log: ${Math.round(logged)} bytes a second`);
  if (logged > MOST_LOG_BYTES_PER_S) noticed += 1;
  if (!(await endsAtOnce(host))) noticed += 1;
  console.log(JSON.stringify({ attacks: names.length, noticed }));
  return noticed;
}

/** @param names kinds of attacks, all at the same time */
async function areUnnoticed(
  names: readonly string[],
  host: HostUnderAttack,
  good: GoodClient,
  limits: Limits,
): Promise<boolean> {
  const attackers = await Attackers.start(host.address, Math.ceil(options.attackers / names.length), names);
  good.felt();
  await pause(options.seconds * 1_000);
  const felt = good.felt();
  const most = host.size;
  const tries = (await attackers.end()) / options.seconds;
  const deadline = performance.now() + LEAVE_MS;
  while (host.size.fds > limits.fds && performance.now() < deadline) await pause(50);
  const faults = faultsOf(felt, host.size, limits);
  console.log(
    `${faults.length === 0 ? 'ok    ' : 'FAIL  '}${names.join(' + ')}: p99 of goals ${felt.goalP99.toFixed(1)} ms (${felt.goals}), of health ` +
      `${felt.healthP99.toFixed(1)} ms; ${Math.round(tries)} connections a second; ${most.fds} files, ${Math.round(most.rssMb)} MB, then ${host.size.fds}${faults.map((fault) => `; ${fault}`).join('')}`,
  );
  return faults.length === 0;
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
