import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import { eventually } from '../../test/support/eventually.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { untoldGoals } from '../faults/checks/announcements.js';
import type { Finding } from '../faults/checks/finding.js';
import { journalFindings } from '../faults/checks/journal.js';
import { wrongRows } from '../faults/checks/rows.js';
import { Truth } from '../faults/model/truth.js';
import { Publisher } from '../faults/parts/publisher.js';
import { Audience } from './audience.js';
import { toldAgain } from './checks/told-again.js';
import type { Pm2Mode } from './options.js';
import { Asker } from './parts/asker.js';
import { longestPauseMs } from './parts/commit-times.js';
import { SteadyLoad } from './parts/steady-load.js';
import { asLongAs, type RunContext } from './run-context.js';
import { Scene } from './scene.js';

/** Undisturbed before the first reload and after each one, in seconds of load. */
const CALM_S = 3;
const REST_S = 2;
const PACE_TIMEOUT_MS = 120_000;
const SETTLE_TIMEOUT_MS = 90_000;
const TELL_TIMEOUT_MS = 9_000;
/** The host that ends hears of commits of the next one by a look into the journal, 200 ms apart, on a busy machine. */
const UNHEARD_MS = 1_000;

export interface ReloadTimes {
  /** of the command */
  readonly tookMs: number;
  /** longest time without a commit */
  readonly gapMs: number;
  /** longest time in which a client heard of no change */
  readonly silenceMs: number;
}

export interface ReloadResult {
  readonly mode: Pm2Mode;
  readonly reloads: readonly ReloadTimes[];
  /** the same without a reload: what the machine does */
  readonly calm: Omit<ReloadTimes, 'tookMs'>;
  readonly messages: number;
  readonly perSecond: number;
  readonly matches: number;
  readonly versions: number;
  readonly changes: number;
  readonly connections: number;
  /** requests that the proxy answered */
  readonly proxied: number;
  readonly findings: readonly Finding[];
}

/** Reloads hosts under load, again and again; then compares rows, journal and what clients were told with what was published. */
export async function runReloads(mode: Pm2Mode, context: RunContext): Promise<ReloadResult> {
  const stage = await buildStage(mode, context);
  const { scene, audience, load, asker } = stage;
  load.start();
  const calm = await timesOf(stage, CALM_S, () => Promise.resolve());
  const reloads = await reloadAll(stage, mode, context);
  await load.stop();
  await asker?.end();
  const matchIds = load.histories.map(({ matchId }) => matchId);
  const findings = await findingsOf(stage, matchIds, context.options.reloads);
  const { length: versions } = await scene.database.journal(matchIds);
  return {
    mode,
    reloads,
    calm,
    messages: load.messages,
    perSecond: load.rate,
    matches: matchIds.length,
    versions,
    changes: audience.changes,
    connections: audience.connections,
    proxied: asker?.answers ?? 0,
    findings,
  };
}

interface Stage {
  readonly scene: Scene;
  readonly audience: Audience;
  readonly load: SteadyLoad;
  readonly truth: Truth;
  /** null where there is no proxy */
  readonly asker: Asker | null;
}

/** Hosts that serve, clients that watch, and a load that may begin. */
async function buildStage(mode: Pm2Mode, { cleanup, logDirectory, options, signal }: RunContext): Promise<Stage> {
  const scene = await Scene.build(mode, logDirectory, cleanup);
  await scene.start();
  const audience = new Audience(scene, options.seed);
  cleanup.add(() => audience.leave());
  const publisher = await Publisher.connect(scene.broker.url, PROVIDER_TOPIC);
  cleanup.add(() => publisher.close());
  const truth = new Truth(scene.provider);
  const random = new SeededRandom(options.seed);
  const load = new SteadyLoad(publisher, scene.database, truth, options.perSecond, random, signal);
  const asker = scene.proxyUrl === null ? null : new Asker(`${scene.proxyUrl}/health`);
  cleanup.add(() => asker?.end());
  return { scene, audience, load, truth, asker };
}

async function reloadAll(stage: Stage, mode: Pm2Mode, { options, say }: RunContext): Promise<readonly ReloadTimes[]> {
  const reloads: ReloadTimes[] = [];
  for (let nth = 1; nth <= options.reloads; nth++) {
    const times = await timesOf(stage, REST_S, () => stage.scene.reload());
    reloads.push(times);
    const [took, gap] = [times.tookMs, times.gapMs].map((ms) => `${Math.round(ms)} ms`);
    say(`${mode}: reload ${nth} of ${options.reloads} took ${took}, ${gap} without a commit`);
  }
  return reloads;
}

/** @param restS of load after the action, which belong to it */
async function timesOf(
  { scene: { database }, audience, load }: Stage,
  restS: number,
  action: () => Promise<void>,
): Promise<ReloadTimes> {
  const fromMs = await database.nowMs();
  audience.takeSilenceMs();
  const start = performance.now();
  await action();
  const tookMs = performance.now() - start;
  const doneMs = await database.nowMs();
  await eventually(async () => (await database.firstCommitAfter(doneMs)) !== null, {
    what: 'a commit after it',
    timeoutMs: PACE_TIMEOUT_MS,
  });
  const enough = load.messages + restS * load.perSecond;
  await eventually(() => load.messages >= enough, { what: 'the load to go on', timeoutMs: PACE_TIMEOUT_MS });
  const gapMs = (await longestPauseMs(database.url, fromMs, await database.nowMs())) ?? Number.POSITIVE_INFINITY;
  return { tookMs, gapMs, silenceMs: audience.takeSilenceMs() };
}

async function findingsOf(
  { scene, audience, load, truth, asker }: Stage,
  matchIds: readonly string[],
  reloads: number,
): Promise<readonly Finding[]> {
  const { database, pm2, ports } = scene;
  await asLongAs(async () => (await wrongRows(database, load.histories)).length === 0, SETTLE_TIMEOUT_MS);
  const lost = await wrongRows(database, load.histories);
  const journal = await database.journal(matchIds);
  const untold = () => untoldGoals(audience.screens, journal, UNHEARD_MS);
  await asLongAs(() => untold().length === 0, TELL_TIMEOUT_MS);
  const broken = [
    ...untold().map((entry) => `nobody was told of ${JSON.stringify(entry)}`),
    ...(asker?.failures ?? []).map((failure) => `a request to the proxy: ${failure}`),
  ];
  return [
    ...lost.map(({ text }): Finding => ({ kind: 'lost', text })),
    ...journalFindings(journal, truth),
    ...toldAgain(journal),
    ...(await audience.judge(database.url, matchIds, journal)),
    ...broken.map((text): Finding => ({ kind: 'broken', text })),
    ...processFindings(await pm2.list(), ports.length, reloads),
  ];
}

function processFindings(
  processes: Awaited<ReturnType<Scene['pm2']['list']>>,
  expected: number,
  reloads: number,
): readonly Finding[] {
  const say = (text: string): Finding => ({ kind: 'broken', text: `${text}: ${JSON.stringify(processes)}` });
  const isSteady = processes.every((one) => {
    return one.status === 'online' && one.restarts === reloads && one.unstableRestarts === 0 && !one.exitCode;
  });
  return processes.length === expected && isSteady
    ? []
    : [say(`PM2 does not list ${reloads} restarts of each process`)];
}
