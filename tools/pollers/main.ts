import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually.js';
import { nginxInstalled, startNginx } from '../../test/support/nginx.js';
import { Cleanup } from '../faults/parts/cleanup.js';
import { Child } from './child.js';
import { Measurement } from './measurement.js';
import { type CrowdSettings, type FromCrowd, type FromOrigin, type ToOrigin } from './messages.js';
import { readOptions } from './options.js';

// Readers of /live in two processes, nginx before two instances, configured as docs/live-http.md says: what reaches the
// instances, and how long is it after a goal until all readers have it?

const START_TIMEOUT_MS = 30_000;
const RAMP_PER_S = 1_000;
/** One instance commits; the other one hears of it so much later. */
const OTHER_HEARS_MS = { least: 1, spread: 49 };
const GOAL_EVERY_MS = { least: 2_000, spread: 3_000 };
/** The last of the time is without news: turns end. */
const QUIET_SHARE = 0.4;

const options = readOptions(process.argv.slice(2));
const cleanup = new Cleanup();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => cleanup.run().finally(() => process.exit(1)));
}
if (!nginxInstalled()) {
  console.log('Not measured: nginx is not installed (apt-get install nginx-light)');
} else {
  try {
    process.exitCode = (await measure()) ? 0 : 1;
  } finally {
    await cleanup.run();
  }
}
process.exit();

/** @returns was every bar reached? */
async function measure(): Promise<boolean> {
  const matchIds = Array.from({ length: options.matches }, (_, at) => `m${at + 1}`);
  const origins = [startOrigin(), startOrigin()] as const;
  const urls = await Promise.all(origins.map((origin) => origin.next(isReady, START_TIMEOUT_MS)));
  const nginx = await startNginx([urls[0]?.url ?? '', urls[1]?.url ?? '']);
  cleanup.add(() => nginx.stop());
  const measurement = new Measurement(matchIds, 2);
  for (const matchId of matchIds) await tell(origins, matchId, measurement.goal(matchId));
  const rampMs = (options.pollers / RAMP_PER_S) * 1_000;
  const settings: CrowdSettings = { url: nginx.url, pollers: Math.ceil(options.pollers / 2), matchIds, rampMs };
  for (const at of [0, 1]) startCrowd(settings, measurement, at);
  await eventually(() => measurement.isEven, { timeoutMs: rampMs + START_TIMEOUT_MS, what: 'all readers to begin' });
  console.log(`${options.pollers} readers of ${options.matches} match(es) have the first version`);
  measurement.begin();
  await playGoals(origins, matchIds, measurement);
  const counts = await Promise.all(
    origins.map((origin) => {
      const answer = origin.next(isCounts, START_TIMEOUT_MS);
      origin.send({ kind: 'counts' });
      return answer;
    }),
  );
  return measurement.report(counts.flatMap(({ seconds }) => seconds));
}

async function playGoals(
  origins: readonly Child<ToOrigin, FromOrigin>[],
  matchIds: readonly string[],
  measurement: Measurement,
): Promise<void> {
  const endAtMs = performance.now() + options.seconds * 1_000;
  const quietAtMs = endAtMs - options.seconds * 1_000 * QUIET_SHARE;
  while (performance.now() < quietAtMs) {
    await Promise.all(matchIds.map((matchId) => tell(origins, matchId, measurement.goal(matchId))));
    await pause(GOAL_EVERY_MS.least + Math.random() * GOAL_EVERY_MS.spread);
  }
  while (performance.now() < endAtMs) await pause(100);
}

async function tell(
  [one, other]: readonly Child<ToOrigin, FromOrigin>[],
  matchId: string,
  version: number,
): Promise<void> {
  const [first, second] = version % 2 === 0 ? [one, other] : [other, one];
  first?.send({ kind: 'goal', matchId, version });
  await pause(OTHER_HEARS_MS.least + Math.random() * OTHER_HEARS_MS.spread);
  second?.send({ kind: 'goal', matchId, version });
}

function startOrigin(): Child<ToOrigin, FromOrigin> {
  const origin = Child.start<ToOrigin, FromOrigin>('origin', { longPollMs: options.longPollMs });
  cleanup.add(() => origin.end());
  return origin;
}

function startCrowd(settings: CrowdSettings, measurement: Measurement, at: number): void {
  const crowd = Child.start<never, FromCrowd>('crowd', settings);
  cleanup.add(() => crowd.end());
  crowd.listen((message) => measurement.hear(at, message));
}

function isReady(message: FromOrigin): message is Extract<FromOrigin, { kind: 'ready' }> {
  return message.kind === 'ready';
}

function isCounts(message: FromOrigin): message is Extract<FromOrigin, { kind: 'counts' }> {
  return message.kind === 'counts';
}
