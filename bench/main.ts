import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareBuilds } from './builds.js';
import { DatabaseServer } from './database.js';
import { type Environment, findEnvironment } from './environment.js';
import type { Round } from './measured.js';
import { type BenchOptions, readOptions } from './options.js';
import { planOf } from './plan.js';
import { allocationTable, selfTimeTable } from './profile.js';
import { makeReport } from './report.js';
import { type Series, type SeriesName, seriesOf } from './series.js';
import { type Measure, runSession, type SessionResult } from './session.js';
import { measureSettlement } from './settlement-report.js';
import { ALLOCATIONS_SUFFIX, type SubjectName } from './subject-process.js';
import type { ProfileKind } from './subjects/subject-messages.js';
import { SECOND_HALF_AGE_S } from './subjects/turn-feed.js';
import { measureSync } from './sync-report.js';
import { printTables } from './tables.js';

const options = readOptions(process.argv.slice(2));
const closers: (() => Promise<void>)[] = [];
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
}
try {
  await run(options);
} catch (error) {
  process.exitCode = 1;
  console.error(interruption.signal.aborted ? interruption.signal.reason.message : error);
} finally {
  for (const close of closers.reverse()) await close();
}

async function run(options: BenchOptions): Promise<void> {
  const environment = await findEnvironment();
  closers.push(
    () => environment.broker.stop(),
    () => environment.windowBroker.stop(),
    () => environment.database.stop(),
  );
  const runName = `livescore_bench_${randomBytes(4).toString('hex')}`;
  const kickoffS = Math.floor(Date.now() / 1000) - SECOND_HALF_AGE_S;
  const databases = await DatabaseServer.prepare(environment.database.url, runName, kickoffS);
  closers.push(() => databases.close());
  const measure: Measure = (series, name, round, { profileFile = () => null, checkout = null } = {}) =>
    runSession({
      name,
      series,
      label: `${runName}_${round}_${series.name}_${name.toLowerCase()}${checkout ? '_other' : ''}`,
      brokerUrl: (series.qos === 1 ? environment.windowBroker : environment.broker).url,
      databases,
      kickoffS,
      plan: planOf(options),
      profileFile,
      checkout,
      signal: interruption.signal,
    });
  const allSeries = seriesOf(options.groups, options.subjects);
  if (options.against) await compareBuilds({ ...options, against: options.against }, measure);
  else if (options.profile) await profileSubjects(allSeries, measure, options.profile);
  else await compare(options, allSeries, environment, measure);
}

async function compare(
  options: BenchOptions,
  allSeries: readonly Series[],
  environment: Environment,
  measure: Measure,
): Promise<void> {
  const rounds: Round[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const results = new Map<SeriesName, ReadonlyMap<SubjectName, SessionResult>>();
    for (const series of allSeries) {
      const sessions = new Map<SubjectName, SessionResult>();
      for (const name of rotated(series.subjects, round)) {
        progress(`round ${round + 1} of ${options.rounds}, ${series.name}: ${name}`);
        sessions.set(name, await measure(series, name, round));
      }
      results.set(series.name, sessions);
    }
    rounds.push(results);
  }
  const report = makeReport(rounds, environment);
  if (!options.json) printTables(report);
  progress('settlement');
  const settlement = options.groups.includes('settlement') ? await measureSettlement(options.quick) : undefined;
  progress('sync');
  const sync = options.groups.includes('sync') ? await measureSync(options.quick) : undefined;
  console.log(JSON.stringify({ ...report, settlement, sync }));
  const others = [settlement, sync].flatMap((part) => part?.invalid ?? []);
  const isWrong = report.invalid.some((fault) => fault.includes('ours')) || others.length > 0;
  if (isWrong) process.exitCode = 1;
}

async function profileSubjects(allSeries: readonly Series[], measure: Measure, kind: ProfileKind): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'livescore-profile-'));
  const suffix = kind === 'cpu' ? '.cpuprofile' : ALLOCATIONS_SUFFIX;
  for (const series of allSeries) {
    for (const name of series.subjects) {
      const profileFile = (phase: string) => join(directory, `${series.name}-${name}-${phase}${suffix}`);
      await measure(series, name, 0, { profileFile });
    }
  }
  const tableOf = kind === 'cpu' ? selfTimeTable : allocationTable;
  for (const file of await readdir(directory)) {
    console.log(`\n${join(directory, file)}\n${await tableOf(join(directory, file))}`);
  }
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
