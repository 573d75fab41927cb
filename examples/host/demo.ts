import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Clock } from '../../src/index.js';
import { isRight, readTournament, replayTournament } from '../../src/replay/index.js';
import { ClockSpeed } from './clock-speed.js';
import { closeOnSignals } from './close-on-signals.js';
import { readEnvironment } from './environment.js';
import { MinuteCheck } from './minute-check.js';
import { packageRoot } from './package-root.js';
import { rolloutDemo } from './rollout/rollout-demo.js';
import { type RunningHost, startHost } from './start-host.js';

// The 2022 World Cup on embedded services: to watch (60 times as fast as it was), or `--once`, at full speed, with
// every row and every goal checked; or `--rollout`, while the platform is moved from its legacy path to the direct one.

const TOURNAMENT = join(packageRoot(), 'examples', 'data', 'worldcup-2022.json');
const { values } = parseArgs({
  options: {
    once: { type: 'boolean' },
    rollout: { type: 'boolean' },
    chaos: { type: 'boolean' },
    speed: { type: 'string', default: '60' },
  },
});
const speed = Number(values.speed);
if (!(speed >= 1 && speed <= 600))
  throw new Error(`--speed must be a number from 1 to 600, received "${values.speed}"`);

const endsByItself = values.once || values.rollout;
/** Lead times of a tournament that is over in a minute, on a machine that may be busy with other things. */
const ROLLOUT = { ROLLOUT: 'true', ROLLOUT_COMPARE_MS: '100', ROLLOUT_MAX_P95_MS: '2000' };
/** The demo's clock may run 60 times as fast as ours. */
const DEMO_TICK_MS = 1_000;
const replaying = new AbortController();
const starting = startHost(
  {
    ...readEnvironment({ PORT: process.env.PORT, ...(values.rollout && ROLLOUT) }),
    ...(endsByItself && { port: 0 }),
    minuteTickMs: DEMO_TICK_MS,
  },
  {
    // without the lines of every goal: their milliseconds are those of a clock that runs too fast
    logLevels: ['error', 'fatal'],
    prepare: (app) => {
      if (!endsByItself) app.get(ClockSpeed).speedUp(speed);
    },
  },
);
closeOnSignals(async () => {
  replaying.abort();
  await (await starting).close();
});
const host = await starting;
if (values.rollout) await moveOver(host);
else await (values.once ? check(host) : show(host));

async function moveOver(host: RunningHost): Promise<void> {
  const right = await rolloutDemo(host, await readTournament(TOURNAMENT), replaying.signal).finally(() => host.close());
  process.exitCode = right ? 0 : 1;
}

async function check(host: RunningHost): Promise<void> {
  const wsUrl = `${host.url.replace('http', 'ws')}/ws`;
  const shown = new MinuteCheck(host);
  const { minute, ...summary } = await replayOptions(host)
    .then((options) => replayTournament({ ...options, wsUrl, chaos: values.chaos, predictions: true, verify: true }))
    .then(async (replayed) => ({ ...replayed, minute: await shown.end() }))
    .finally(() => host.close());
  const { matches, goals, wrongRows, goalsAnnounced, duplicateAnnouncements, latencyMs } = summary;
  console.log(
    `${matches} matches: ${wrongRows.length} wrong rows. ${goals} goals: ${goalsAnnounced} announced, ` +
      `${duplicateAnnouncements} twice. Feed to screen: ${latencyMs?.client.p50} ms (p50).`,
  );
  console.log(`${minute.checked} minutes shown: ${minute.wrong} wrong.`);
  const { settlement } = summary;
  console.log(`${settlement?.predictions} predictions: ${settlement?.settled} settled, ${settlement?.wrong} wrong.`);
  console.log(JSON.stringify({ ...summary, minute }));
  process.exitCode = isRight(summary) && minute.wrong === 0 ? 0 : 1;
}

async function show(host: RunningHost): Promise<void> {
  console.log(`Embedded PostgreSQL at ${host.services.databaseUrl}\nEmbedded MQTT broker at ${host.services.mqttUrl}`);
  console.log(`ready ${host.url}`);
  console.log(`The World Cup 2022, ${speed} times as fast as it was: open ${host.url} and end it with Ctrl-C.`);
  try {
    await replayTournament({
      ...(await replayOptions(host)),
      chaos: values.chaos,
      predictions: true,
      speed,
      matchesAtOnce: 16,
      clock: host.app.get(Clock),
    });
    console.log('The tournament is over. The page stays until Ctrl-C.');
  } catch (error) {
    if (!replaying.signal.aborted) throw error;
  }
}

async function replayOptions({ services }: RunningHost) {
  return {
    tournament: await readTournament(TOURNAMENT),
    mqttUrl: services.mqttUrl,
    databaseUrl: services.databaseUrl,
    signal: replaying.signal,
  };
}
