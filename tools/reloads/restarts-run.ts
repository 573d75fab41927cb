import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { Finding } from '../faults/checks/finding.js';
import { brokerKind, startBroker } from '../faults/parts/broker.js';
import { MatchDatabase } from '../faults/parts/match-database.js';
import type { RunContext } from './run-context.js';

const WARM = 10;
const MOST_GROWTH = 1.1;
const TOLD_EVERY = 10;

export interface RestartsResult {
  readonly restarts: number;
  /** heap in use after a garbage collection, bytes, after each restart */
  readonly heaps: readonly number[];
  /** heap after the last one, as a multiple of that after the tenth */
  readonly growth: number;
  readonly findings: readonly Finding[];
}

interface Said {
  readonly nth?: number;
  readonly heapUsed?: number;
  readonly left?: readonly string[];
}

/** Starts and closes the modules many times in one process: what the heap holds after that, compared with after ten times. */
export async function runRestarts(context: RunContext): Promise<RestartsResult> {
  const { cleanup, options, logDirectory } = context;
  const broker = await startBroker(brokerKind(), 'for-the-window', `${logDirectory}/broker-restarts.log`);
  cleanup.add(() => broker.stop());
  const database = await MatchDatabase.create();
  cleanup.add(() => database.drop());
  const variables = { DATABASE_URL: database.url, MQTT_URL: broker.url, MQTT_TOPIC: PROVIDER_TOPIC, REDIS_URL: '' };
  const said = await childSays(options.restarts, { ...variables, PORT: '0' }, context);
  const heaps = said.flatMap(({ heapUsed }) => heapUsed ?? []);
  const growth = (heaps.at(-1) ?? Number.NaN) / (heaps[WARM - 1] ?? Number.NaN);
  const findings: Finding[] = [];
  const say = (text: string) => findings.push({ kind: 'broken', text });
  if (heaps.length !== options.restarts) say(`${heaps.length} restarts of ${options.restarts}`);
  if (!(growth <= MOST_GROWTH)) say(`the heap is ${growth.toFixed(3)} times what it was after ${WARM} restarts`);
  const left = said.flatMap((one) => one.left ?? []);
  if (left.length > 0) say(`left behind: ${left.join(', ')}`);
  return { restarts: heaps.length, heaps, growth, findings };
}

async function childSays(restarts: number, variables: NodeJS.ProcessEnv, context: RunContext) {
  const program = fileURLToPath(new URL('./restarts-child.js', import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', program, String(restarts)], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.cleanup.add(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const said: Said[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    const one = JSON.parse(line) as Said;
    said.push(one);
    if (one.nth && one.heapUsed && one.nth % TOLD_EVERY === 0)
      context.say(`restarts: ${one.nth}, ${(one.heapUsed / 1_048_576).toFixed(1)} MB in use`);
  }
  await ended;
  return said;
}
