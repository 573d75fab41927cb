// Processor time per message at a fixed number of rows per statement, whatever the machine is busy with; see README.md.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { DatabaseServer } from './database.js';
import { findDatabase } from './environment.js';
import { Screen } from './screen.js';
import { median, rounded } from './statistics.js';
import { type SubjectName, SubjectProcess } from './subject-process.js';
import { SECOND_HALF_AGE_S, TURN_FEED } from './subjects/turn-feed.js';

const PER_TURN = 40;
const WARM_UP_MESSAGES = 16_000;
const SLICE_MESSAGES = 4_000;
/** Each has been heard of, at least once. */
const warmUpOf = (matches: number) => Math.max(WARM_UP_MESSAGES, matches);

interface Runner {
  readonly label: string;
  readonly subject: SubjectProcess;
  readonly us: number[];
}

const { values } = parseArgs({
  options: {
    matches: { type: 'string', multiple: true, default: ['40', '500', '5000', '20000'] },
    slices: { type: 'string', default: '9' },
    subject: { type: 'string', multiple: true, default: ['rawBatched', 'ours'] },
    against: { type: 'string' },
  },
});
/** by number of matches: what everybody held */
const heaps = new Map<number, ReadonlyMap<string, number>>();
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
const server = await findDatabase();
try {
  for (const matches of values.matches.map(Number)) await measure(matches);
  reportMemory();
} finally {
  await server.stop();
}

/** Everybody has a process and a database; slices take turns, so that what slows one of them slows all. */
async function measure(matches: number): Promise<void> {
  const runName = `livescore_turns_${randomBytes(4).toString('hex')}`;
  const kickoffS = Math.floor(Date.now() / 1000) - SECOND_HALF_AGE_S;
  const databases = await DatabaseServer.prepare(server.url, runName, kickoffS, matches);
  const closers: (() => Promise<void> | void)[] = [() => databases.close()];
  const start = async (name: SubjectName, checkout: string | null = null): Promise<Runner> => {
    const label = `${runName}_${name.toLowerCase()}${checkout ? '_other' : ''}`;
    closers.push(() => databases.drop(label));
    const databaseUrl = await databases.create(label);
    const settings = { mqttUrl: TURN_FEED, topic: label, databaseUrl, qos: 0, kickoffS } as const;
    const subject = await SubjectProcess.start(name, settings, interruption.signal, checkout);
    closers.push(() => subject.stop());
    const screen = await Screen.open(subject.screen!);
    closers.push(() => screen.close());
    return { label: checkout ?? name, subject, us: [] };
  };
  try {
    const runners: Runner[] = [];
    for (const name of values.subject) runners.push(await start(name as SubjectName));
    if (values.against) runners.push(await start('ours', values.against));
    for (const { subject } of runners) await subject.run(turnsOf(matches, warmUpOf(matches)));
    for (let slice = 0; slice < Number(values.slices); slice++) {
      for (const runner of slice % 2 === 0 ? runners : runners.toReversed()) await runSlice(runner, matches);
    }
    report(matches, runners);
    const held = await Promise.all(runners.map(async ({ label, subject }) => [label, await subject.weigh()] as const));
    heaps.set(matches, new Map(held));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function runSlice({ subject, us }: Runner, matches: number): Promise<void> {
  await subject.begin(false, null);
  await subject.run(turnsOf(matches, SLICE_MESSAGES));
  const { cpuMs } = await subject.end();
  us.push((cpuMs * 1000) / SLICE_MESSAGES);
}

function turnsOf(matches: number, messages: number) {
  return { matches, perTurn: PER_TURN, turns: messages / PER_TURN };
}

/** The least is the time of an undisturbed slice; ratios are medians of the slices' own. */
function report(matches: number, runners: readonly Runner[]): void {
  const figures = runners.map(({ label, us }) => {
    return [label, { medianUs: rounded(median(us), 2), leastUs: rounded(Math.min(...us), 2) }] as const;
  });
  const [first, ...others] = runners;
  const ratios = others.map(({ label, us }) => {
    const each = us.map((value, slice) => value / (first?.us[slice] ?? value));
    return [`${label} / ${first?.label}`, rounded(median(each), 3)] as const;
  });
  const cpuUsPerMessage = Object.fromEntries(figures);
  console.log(JSON.stringify({ matches, rowsPerTurn: PER_TURN, cpuUsPerMessage, ratios: Object.fromEntries(ratios) }));
}

/** What each further match holds, from the fewest to the most: the workload of the bench is part of everybody's. */
function reportMemory(): void {
  const [fewest, most] = [Math.min(...heaps.keys()), Math.max(...heaps.keys())];
  if (fewest === most) return;
  const held = [...(heaps.get(most) ?? [])].map(([label, bytes]) => {
    return [label, Math.round((bytes - (heaps.get(fewest)?.get(label) ?? 0)) / (most - fewest))] as const;
  });
  console.log(JSON.stringify({ from: fewest, to: most, bytesPerMatch: Object.fromEntries(held) }));
}
