import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../test/support/eventually.js';
import type { Finding } from '../faults/checks/finding.js';
import type { Cleanup } from '../faults/parts/cleanup.js';
import { PostgresProxy } from '../faults/parts/postgres-proxy.js';
import { steadyPort } from '../faults/parts/steady-port.js';
import { isAlive, type Pm2Process } from './parts/pm2.js';
import type { RunContext } from './run-context.js';
import { ECOSYSTEM, Scene } from './scene.js';

/** Starts that fail, until PM2 gives up; every start of a busy machine counts as one that did not live long enough. */
const LOOP = { max_restarts: 3, restart_delay: 200, min_uptime: 60_000 };
const STOPPED_TIMEOUT_MS = 120_000;
const READY_TIMEOUT_MS = 60_000;
/** without database and broker there is no signal: PM2 goes on after this */
const LISTEN_TIMEOUT_MS = 4_000;
const REQUEST_TIMEOUT_MS = 5_000;

export interface LoopResult {
  /** starts of a host that cannot start, until PM2 gave up */
  readonly starts: number;
  /** as PM2 shows it afterwards */
  readonly status: string;
  /** restarts of a host whose database and broker were away at the boot */
  readonly outageRestarts: number;
  readonly findings: readonly Finding[];
}

/** A host that cannot start is given up by PM2; one whose database and broker are away at the boot is not, and recovers. */
export async function runLoop(context: RunContext): Promise<LoopResult> {
  const scene = await Scene.build('loop', context.logDirectory, context.cleanup);
  const looped = await crashLoop(scene, context);
  context.say(`loop: PM2 gave up after ${looped.starts} starts, and says ${looped.status}`);
  const outage = await outageAtBoot(scene, context);
  return { ...looped, ...outage, findings: [...looped.findings, ...outage.findings] };
}

async function crashLoop({ pm2 }: Scene, { cleanup }: RunContext) {
  const file = ecosystemWith(LOOP, cleanup);
  await pm2.run(['start', file], { LIVESCORE_SYNC: 'no-such-mode' });
  const isGivenUp = async () =>
    (await pm2.list()).every((one) => !isRunning(one) && /errored|waiting/.test(one.status));
  const restarts = async () => (await pm2.list())[0]?.restarts ?? 0;
  let before = -1;
  const stays = async () => {
    const now = await restarts();
    const isSame = now === before && (await isGivenUp());
    before = now;
    return isSame && now >= LOOP.max_restarts - 1;
  };
  await eventually(stays, { what: 'PM2 to give the host up', timeoutMs: STOPPED_TIMEOUT_MS });
  const [listed] = await pm2.list();
  await pm2.run(['delete', 'all']);
  const starts = (listed?.restarts ?? 0) + 1;
  const findings: Finding[] = [];
  if (starts !== LOOP.max_restarts)
    findings.push({ kind: 'broken', text: `${starts} starts of a host that cannot start` });
  return { starts, status: listed?.status ?? 'unknown', findings };
}

async function outageAtBoot({ pm2, database, ports }: Scene, { cleanup }: RunContext) {
  const server = new URL(database.url);
  const proxy = new PostgresProxy({ host: server.hostname, port: Number(server.port || 5432) });
  await proxy.open();
  await proxy.refuse();
  cleanup.add(() => proxy.refuse());
  const away = { DATABASE_URL: Object.assign(server, { host: `127.0.0.1:${proxy.port}` }).href };
  const broker = { MQTT_URL: `mqtt://127.0.0.1:${await steadyPort()}` };
  await pm2.run(['start', ecosystemWith({ listen_timeout: LISTEN_TIMEOUT_MS }, cleanup)], { ...away, ...broker });
  const answers = (path: string, status: number) =>
    eventually(async () => (await statusOf(ports, path)) === status, {
      what: `${path} to answer ${status}`,
      timeoutMs: READY_TIMEOUT_MS,
    });
  await answers('/health', 200);
  await answers('/ready', 503);
  await proxy.open();
  await answers('/ready', 200);
  const [listed] = await pm2.list();
  const isWell = listed?.status === 'online' && listed.restarts === 0;
  const text = `an outage at the boot: ${JSON.stringify(listed)}`;
  const findings: Finding[] = isWell ? [] : [{ kind: 'broken', text }];
  return { outageRestarts: listed?.restarts ?? Number.NaN, findings };
}

function isRunning({ pid }: Pm2Process): boolean {
  return pid > 0 && isAlive(pid);
}

async function statusOf([port]: readonly number[], path: string): Promise<number> {
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal });
  await answer.arrayBuffer();
  return answer.status;
}

/** The example's own settings with others in their place. */
function ecosystemWith(settings: Readonly<Record<string, number>>, cleanup: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), 'livescore-ecosystem-'));
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'ecosystem.config.cjs');
  const text = `const { apps } = require(${JSON.stringify(ECOSYSTEM)});
module.exports = { apps: apps.map((app) => ({ ...app, ...${JSON.stringify(settings)} })) };
`;
  writeFileSync(file, text);
  return file;
}
