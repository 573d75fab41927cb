import { countWrongRows, type DatabaseServer } from './database.js';
import type { PhaseGroup } from './options.js';
import { type LatencyResult, Phases, type SaturationResult } from './phases.js';
import { HOT_SETS, type HotSet, LOW_LOAD_RATES, type LowLoadRate, type Plan } from './plan.js';
import { Publisher } from './publisher.js';
import { Screen } from './screen.js';
import { type SubjectName, SubjectProcess } from './subject-process.js';
import { MATCHES, Workload } from './workload.js';

const BURST_MATCHES = 20;
const BURSTS_PER_S = 10;
const WARM_UP_RATE = 1_000;

/** What one subject did in one round. */
export interface SessionResult {
  readonly subject: SubjectName;
  readonly lowLoad: Partial<Record<LowLoadRate, LatencyResult>>;
  readonly burst: LatencyResult | null;
  readonly saturation: Partial<Record<HotSet, SaturationResult>>;
  /** of all 5,000 rows, after the last phase */
  readonly wrongRows: number;
}

export interface SessionRequest {
  readonly name: SubjectName;
  /** unique on the shared services: database name and topic */
  readonly label: string;
  readonly mqttUrl: string;
  readonly databases: DatabaseServer;
  readonly kickoffS: number;
  readonly plan: Plan;
  readonly groups: readonly PhaseGroup[];
  /** where to leave the CPU profile of a phase; null for none */
  readonly profileFile: (phase: string) => string | null;
  /** ends the session early, cleanly */
  readonly signal: AbortSignal;
}

/** Starts one subject on a fresh database, warms it up, runs its phases, checks all rows and ends it. */
export async function runSession(request: SessionRequest): Promise<SessionResult> {
  const { name, label, mqttUrl, databases, signal } = request;
  signal.throwIfAborted();
  const topic = `bench/${label}`;
  const databaseUrl = await databases.create(label);
  const closers: (() => Promise<void> | void)[] = [() => databases.drop(label)];
  try {
    const subject = await SubjectProcess.start(name, { mqttUrl, topic, databaseUrl }, signal);
    closers.push(() => subject.stop());
    const publisher = await Publisher.connect(mqttUrl, topic);
    closers.push(() => publisher.close());
    const screen = await Screen.open(subject.screen!);
    closers.push(() => screen.close());
    const workload = new Workload(request.kickoffS);
    const check = () => countWrongRows(databaseUrl, workload);
    const result = await runPhases(new Phases(subject, publisher, screen, workload, check), request);
    return { subject: name, ...result, wrongRows: await check() };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function runPhases(
  phases: Phases,
  { name, plan, groups, profileFile }: SessionRequest,
): Promise<Omit<SessionResult, 'subject' | 'wrongRows'>> {
  await phases.saturation(MATCHES, plan.warmUpFlood);
  await phases.latency(WARM_UP_RATE, WARM_UP_RATE * plan.warmUpS);
  const lowLoad: Partial<Record<LowLoadRate, LatencyResult>> = {};
  for (const rate of groups.includes('lowLoad') ? LOW_LOAD_RATES : []) {
    lowLoad[rate] = await phases.latency(rate, rate * plan.lowLoadS[rate], {
      profileFile: profileFile(`low-load-${rate}`),
    });
  }
  const wantsBurst = groups.includes('burst') && name !== 'stockNest';
  const burstOptions = { matchesPerMessage: BURST_MATCHES, profileFile: profileFile('burst') };
  const burst = wantsBurst ? await phases.latency(BURSTS_PER_S, plan.burstPayloads, burstOptions) : null;
  const saturation: Partial<Record<HotSet, SaturationResult>> = {};
  for (const hot of groups.includes('saturation') ? HOT_SETS : []) {
    saturation[hot] = await phases.saturation(hot, plan.floodMessages[name], profileFile(`saturation-${hot}`));
  }
  return { lowLoad, burst, saturation };
}
