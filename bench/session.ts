import { countWrongRows, type DatabaseServer } from './database.js';
import type { Feed } from './feed.js';
import { Generator } from './generator.js';
import { flood, type LatencyResult, Pacing, type SaturationResult, type Scene } from './phases.js';
import type { HotSet, LowLoadRate, Plan } from './plan.js';
import { Publisher } from './publisher.js';
import { Screen } from './screen.js';
import type { Series } from './series.js';
import { type SubjectName, SubjectProcess } from './subject-process.js';
import { MATCHES, Workload } from './workload.js';

const BURST_MATCHES = 20;
const BURSTS_PER_S = 10;
const WARM_UP_RATE = 1_000;
const LEGACY_WARM_UP_RATE = 300;

/** What one subject did in one round of one series. */
export interface SessionResult {
  readonly subject: SubjectName;
  readonly lowLoad: Partial<Record<LowLoadRate, LatencyResult>>;
  readonly burst: LatencyResult | null;
  readonly saturation: Partial<Record<HotSet, SaturationResult>>;
  /** of all 5,000 rows, after the last phase */
  readonly wrongRows: number;
}

type PhaseResults = Omit<SessionResult, 'subject' | 'wrongRows'>;

export interface SessionRequest {
  readonly name: SubjectName;
  readonly series: Series;
  /** unique on the shared services: database name and topic */
  readonly label: string;
  readonly brokerUrl: string;
  readonly databases: DatabaseServer;
  readonly kickoffS: number;
  readonly plan: Plan;
  /** where to leave the profile of a phase; null for none */
  readonly profileFile: (phase: string) => string | null;
  /** folder of another commit, compiled, whose subject is measured. @default this one */
  readonly checkout?: string | null;
  /** ends the session early, cleanly */
  readonly signal: AbortSignal;
}

/** Runs one session of a bench. */
export type Measure = (
  series: Series,
  name: SubjectName,
  round: number,
  how?: Partial<Pick<SessionRequest, 'profileFile' | 'checkout'>>,
) => Promise<SessionResult>;

/** Starts one subject on a fresh database, warms it up, runs its phases, checks all rows and ends it. */
export async function runSession(request: SessionRequest): Promise<SessionResult> {
  const { name, series, label, databases, plan, signal } = request;
  signal.throwIfAborted();
  const topic = `bench/${label}`;
  const databaseUrl = await databases.create(label);
  const closers: (() => Promise<void> | void)[] = [() => databases.drop(label)];
  const owned = <T extends { close(): Promise<void> | void }>(resource: T): T => {
    closers.push(() => resource.close());
    return resource;
  };
  const start = async (mqttUrl: string) => {
    const settings = { mqttUrl, topic, databaseUrl, qos: series.qos, kickoffS: request.kickoffS };
    const subject = await SubjectProcess.start(name, settings, signal, request.checkout);
    closers.push(() => subject.stop());
    return subject;
  };
  const workload = new Workload(request.kickoffS);
  // the others write nothing, or the legacy path writes for them, which leaves columns out
  const isChecked = name in plan.floodMessages;
  const countWrong = () => (isChecked ? countWrongRows(databaseUrl, workload) : Promise.resolve(0));
  try {
    let result: PhaseResults;
    if (series.feed === 'generator') {
      const feed = owned(await Generator.start(topic, series.qos));
      result = await runGenerator({ subject: await start(feed.url), workload, countWrong }, feed, request);
    } else {
      const subject = await start(request.brokerUrl);
      const publisher = owned(await Publisher.connect(request.brokerUrl, topic, series.qos));
      const screen = owned(await Screen.open(subject.screen!));
      result = await runPhases({ subject, workload, countWrong }, publisher, screen, request);
    }
    return { subject: name, ...result, wrongRows: await countWrong() };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function runPhases(
  scene: Scene,
  publisher: Publisher,
  screen: Screen,
  { name, series, plan, profileFile }: SessionRequest,
): Promise<PhaseResults> {
  const pacing = new Pacing(scene, publisher, screen, series);
  await warmUp(scene, publisher, pacing, series, plan);
  const lowLoad: Partial<Record<LowLoadRate, LatencyResult>> = {};
  for (const rate of series.rates) {
    lowLoad[rate] = await pacing.latency(rate, rate * plan.lowLoadS[rate], {
      profileFile: profileFile(`low-load-${rate}`),
    });
  }
  const wantsBurst = series.burst && name !== 'stockNest';
  const burstOptions = { matchesPerMessage: BURST_MATCHES, profileFile: profileFile('burst') };
  const burst = wantsBurst ? await pacing.latency(BURSTS_PER_S, plan.burstPayloads, burstOptions) : null;
  const saturation: Partial<Record<HotSet, SaturationResult>> = {};
  for (const hot of series.hotSets) {
    const profile = profileFile(`saturation-${hot}`);
    saturation[hot] = await flood(scene, publisher, hot, plan.floodMessages[name] ?? 0, profile);
  }
  return { lowLoad, burst, saturation };
}

/** The legacy path would be behind for long after a flood: series with it begin at a rate it can take. */
async function warmUp(scene: Scene, publisher: Publisher, pacing: Pacing, series: Series, plan: Plan): Promise<void> {
  const isFlooded = series.name !== 'legacy' && series.name !== 'independence';
  if (isFlooded) await flood(scene, publisher, MATCHES, plan.warmUpFlood);
  const rate = isFlooded ? WARM_UP_RATE : LEGACY_WARM_UP_RATE;
  await pacing.latency(rate, rate * plan.warmUpS);
}

async function runGenerator(
  scene: Scene,
  feed: Feed,
  { series, plan, profileFile }: SessionRequest,
): Promise<PhaseResults> {
  await flood(scene, feed, MATCHES, plan.generatorWarmUp);
  const saturation: Partial<Record<HotSet, SaturationResult>> = {};
  for (const hot of series.hotSets) {
    saturation[hot] = await flood(scene, feed, hot, plan.generatorMessages, profileFile(`generator-${hot}`));
  }
  return { lowLoad: {}, burst: null, saturation };
}
