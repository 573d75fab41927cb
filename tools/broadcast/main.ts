import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cleanup } from '../faults/parts/cleanup.js';
import { findDatabaseServer } from '../faults/parts/database-server.js';
import { runToTheEnd } from '../faults/parts/run-to-the-end.js';
import { printTable } from '../faults/report.js';
import { Findings } from './checks/findings.js';
import { type BroadcastRunOptions, readOptions } from './options.js';
import type { Phase } from './phase.js';
import { type PhaseResult, PhaseRun } from './phase-run.js';
import { PHASES } from './phases/index.js';
import { measuredText, summarize, tableOf } from './report.js';
import { World } from './world.js';

const options = readOptions(
  process.argv.slice(2),
  PHASES.map(({ name }) => name),
);
const cleanup = new Cleanup();
const interruption = new AbortController();
await runToTheEnd(() => run(options), cleanup, interruption);

async function run(options: BroadcastRunOptions): Promise<void> {
  const start = performance.now();
  const server = await findDatabaseServer();
  cleanup.add(() => server.stop());
  process.env.DATABASE_URL = server.url;
  const logDirectory = mkdtempSync(join(tmpdir(), 'livescore-broadcast-'));
  // as root, Mosquitto turns into its own user before it writes
  chmodSync(logDirectory, 0o777);
  cleanup.add(() => {
    if (interruption.signal.aborted) rmSync(logDirectory, { recursive: true, force: true });
  });
  const world = await World.build(options, logDirectory, cleanup);
  await world.start();
  const findings = new Findings();
  const results = await playPhases(world, options, findings);
  const judged = await world.crew.judge(await world.watch.quietRows(), world.watch.takeoversAtMs);
  findings.add(judged.found);
  printTable(tableOf(results));
  const summary = summarize(
    {
      seed: options.seed,
      clients: options.clients,
      changes: world.watch.committed,
      takeovers: world.watch.takeoversAtMs.length,
      tookS: Math.round((performance.now() - start) / 1000),
    },
    results,
    judged,
    findings,
  );
  explain(findings, options.seed, logDirectory);
  if (options.json) console.log(JSON.stringify(summary));
  if (!summary.passed) process.exitCode = 1;
  else cleanup.add(() => rmSync(logDirectory, { recursive: true, force: true }));
}

async function playPhases(world: World, options: BroadcastRunOptions, findings: Findings): Promise<PhaseResult[]> {
  const phases = chosen(world, options);
  const results: PhaseResult[] = [];
  for (const [n, phase] of phases.entries()) {
    interruption.signal.throwIfAborted();
    const target = { committed: Math.round((options.changes * (n + 1)) / phases.length), total: options.changes };
    console.error(`${phase.name}: from ${world.watch.committed} changes to ${target.committed}`);
    const result = await new PhaseRun(world, phase, options.short, findings, interruption.signal).run(target);
    results.push(result);
    const { changes, tookS, settledMs, measured, after } = result;
    const found = findings.total + after.findings;
    console.error(
      `${phase.name} (${tookS} s): ${changes} changes, all as the rows after ${settledMs ?? 'never'} ms; current: ` +
        `${measuredText(measured) || 'not measured'}; ${found === 0 ? 'all right' : `${found} FINDINGS so far`}`,
    );
  }
  return results;
}

function chosen(world: World, { phases, short }: BroadcastRunOptions): readonly Phase[] {
  const named = phases.length > 0 ? PHASES.filter(({ name }) => phases.includes(name)) : PHASES;
  const some = named.filter(({ isShort }) => isShort || !short || phases.length > 0);
  if (world.redis) return some;
  console.error('No redis-server: nothing about Redis is looked at');
  return some.filter(({ needsRedis }) => !needsRedis);
}

function explain(findings: Findings, seed: number, logDirectory: string): void {
  if (findings.total === 0) return;
  console.error(`\nseed ${seed}: ${findings.total} findings. Logs: ${logDirectory}`);
  const { counts, examples } = findings.found();
  for (const [kind, count] of Object.entries(counts)) console.error(`  ${kind}: ${count}`);
  for (const { kind, text } of examples) console.error(`  ${kind}: ${text}`);
}
