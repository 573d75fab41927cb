import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Clock } from '../../src/index.js';
import { isRight, newRun, plannedStarts, type ReplayOptions, replayTournament } from '../../src/replay/index.js';
import { ClockSpeed } from './clock-speed.js';
import { closeOnSignals } from './close-on-signals.js';
import { readEnvironment } from './environment.js';
import { MinuteCheck } from './minute-check.js';
import { packageRoot } from './package-root.js';
import { type Filled, ProviderFill } from './provider-fill.js';
import { rolloutDemo } from './rollout/rollout-demo.js';
import { type RunningHost, startHost } from './start-host.js';
import { TournamentProvider } from './tournament-provider.js';

// The 2022 World Cup on embedded services: to watch (60 times as fast as it was), or `--once`, at full speed, with
// every row and every goal checked; or `--rollout`, while the platform is moved from its legacy path to the direct one.
// The database is empty at first: teams, logos, competition and fixtures come from a stand-in of the provider's REST API.

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
/** So many matches at once fill a screen. */
const MATCHES_TO_WATCH = 16;
/** The stand-in answers from no cache; on a fast clock the usual ten seconds would take real ones before a recovery ends. */
const REST_LAG_TO_WATCH_MS = 1_000;
/** Real time that the provider's fixtures get to arrive before the first of them begins. */
const FILL_MS = 3_000;
/** Late and repeated frames would take the provider's answers back, too: it then knows of no match being played. */
const isFollowed = !values.chaos;

const FRAMES_BETWEEN_LINES = 500;

/** Of the operations page: another one for each run, unless one is set. */
const operationsSecret = process.env.LIVESCORE_OPERATIONS_SECRET || randomBytes(12).toString('base64url');

let frames = 0;
const run = newRun();
let clockNow = () => Date.now();
const provider = await TournamentProvider.start({ file: TOURNAMENT, run, nowMs: () => clockNow() });
const replaying = new AbortController();
let firstKickoffMs = 0;
let filling: ProviderFill | undefined;
/** What is being done, for whoever waits for the result. */
const progress = (text: string) => console.error(`[${Math.round(process.uptime())} s] ${text}`);
progress('starting PostgreSQL, the broker and the host');
const starting = startHost(
  {
    ...readEnvironment({ PORT: process.env.PORT, ...(values.rollout && ROLLOUT) }),
    ...(endsByItself ? { port: 0 } : { operationsSecret }),
    minuteTickMs: DEMO_TICK_MS,
    ...provider.environment,
    ...(!endsByItself && { restLagMs: REST_LAG_TO_WATCH_MS }),
    sync: 'on',
    providerRate: 50,
    providerBurst: 50,
  },
  {
    // without the lines of every goal: their milliseconds are those of a clock that runs too fast
    logLevels: ['error', 'fatal'],
    prepare: async (app, { databaseUrl }) => {
      const clock = app.get(Clock);
      if (!endsByItself) app.get(ClockSpeed).speedUp(speed);
      clockNow = () => clock.nowMs();
      firstKickoffMs = clock.nowMs() + (endsByItself ? 0 : FILL_MS * speed);
      provider.fill(plannedStarts(firstKickoffMs, endsByItself ? {} : paceToWatch(clock)));
      filling = await ProviderFill.before(databaseUrl, provider);
    },
  },
);
closeOnSignals(async () => {
  replaying.abort();
  await close(await starting);
});
const host = await starting;
if (values.rollout) await moveOver(host);
else await (values.once ? check(host) : show(host));

async function moveOver(host: RunningHost): Promise<void> {
  const right = await filled()
    .then(() => rolloutDemo(host, replayOptions(host)))
    .finally(() => close(host));
  process.exitCode = right ? 0 : 1;
}

async function check(host: RunningHost): Promise<void> {
  const wsUrl = `${host.url.replace('http', 'ws')}/ws`;
  const { minute, ...summary } = await filled()
    .then(async (filled) => {
      const shown = new MinuteCheck(host);
      progress(
        `playing ${provider.tournament.matches.length} matches at full speed, then every row and every goal is checked`,
      );
      const replayed = await replayTournament({ ...replayOptions(host), wsUrl, predictions: true, verify: true });
      progress('played and checked');
      return { ...replayed, filled, minute: await shown.end() };
    })
    .finally(() => close(host));
  const { matches, goals, wrongRows, goalsAnnounced, duplicateAnnouncements, latencyMs } = summary;
  console.log(
    `${matches} matches: ${wrongRows.length} wrong rows. ${goals} goals: ${goalsAnnounced} announced, ` +
      `${duplicateAnnouncements} twice. Feed to screen: ${latencyMs?.client.p50} ms (p50).`,
  );
  console.log(`${minute.checked} minutes shown: ${minute.wrong} wrong.`);
  const { settlement } = summary;
  console.log(`${settlement?.predictions} predictions: ${settlement?.settled} settled, ${settlement?.wrong} wrong.`);
  console.log(JSON.stringify({ ...summary, minute }));
  process.exitCode = isRight(summary) && minute.wrong === 0 && summary.filled.wasEmpty ? 0 : 1;
}

async function show(host: RunningHost): Promise<void> {
  console.log(`Embedded PostgreSQL at ${host.services.databaseUrl}\nEmbedded MQTT broker at ${host.services.mqttUrl}`);
  console.log(`ready ${host.url}`);
  console.log(`The World Cup 2022, ${speed} times as fast as it was: open ${host.url} and end it with Ctrl-C.`);
  console.log(`Operations: open ${host.url}/livescore/sign-in and give the secret ${operationsSecret}`);
  try {
    await filled();
    const { signal } = replaying;
    await pause(Math.max(0, firstKickoffMs - clockNow()) / speed, undefined, { signal });
    const pace = paceToWatch(host.app.get(Clock));
    await replayTournament({ ...replayOptions(host), ...pace, predictions: true });
    console.log('The tournament is over. The page stays until Ctrl-C.');
  } catch (error) {
    if (!replaying.signal.aborted) throw error;
  }
}

/** The host fills its database; then the tournament may begin. */
async function filled(): Promise<Filled> {
  if (!filling) throw new Error('The host was not prepared');
  progress("filling the empty database from the stand-in of the provider's REST API");
  const rows = await filling.complete(replaying.signal);
  const { wasEmpty, teams, logos, competitions, fixtures, requests } = rows;
  console.log(
    `${wasEmpty ? 'The database was empty.' : 'The database was NOT empty.'} Now ${teams} teams (${logos} with a logo), ` +
      `${competitions} competition and ${fixtures} fixtures are in it, from the provider's REST API by ${requests} requests.`,
  );
  return rows;
}

function paceToWatch(clock: Clock) {
  return { speed, clock, matchesAtOnce: MATCHES_TO_WATCH };
}

function replayOptions({ services }: RunningHost): ReplayOptions {
  return {
    tournament: provider.tournament,
    run,
    fixtures: 'present',
    mqttUrl: services.mqttUrl,
    databaseUrl: services.databaseUrl,
    chaos: values.chaos,
    signal: replaying.signal,
    onPublished: (payload) => {
      frames += 1;
      if (endsByItself && frames % FRAMES_BETWEEN_LINES === 0) progress(`${frames} frames played`);
      if (isFollowed) provider.follow(payload);
    },
  };
}

async function close(host: RunningHost): Promise<void> {
  await host.close().finally(() => provider.close());
}
