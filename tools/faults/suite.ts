import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../examples/host/package-root.js';
import { type FaultResult, type RunContext, runFault } from './fault-run.js';
import type { Fault } from './faults/fault.js';
import { FAULTS } from './faults/index.js';
import { type FaultOptions, readOptions } from './options.js';
import { Cleanup } from './parts/cleanup.js';
import { findDatabaseServer } from './parts/database-server.js';
import { mosquittoVersion } from './parts/mosquitto.js';
import { runToTheEnd } from './parts/run-to-the-end.js';
import { markdownOf, printTable, tableOf } from './report.js';
import { shareRounds } from './shared-rounds.js';
import { isRight, summarize } from './summary.js';

const SHOWN_FINDINGS = 12;

const options = readOptions(process.argv.slice(2));
const cleanup = new Cleanup();
const interruption = new AbortController();
await runToTheEnd(() => run(options), cleanup, interruption);

async function run({ seed, rounds, only, full, lanes, broker, json, report }: FaultOptions): Promise<void> {
  if (broker === 'aedes')
    console.error('No Mosquitto: a broker in this process instead, and nothing about small queues');
  const server = await findDatabaseServer();
  cleanup.add(() => server.stop());
  process.env.DATABASE_URL = server.url;
  const start = performance.now();
  const shares = shareRounds(
    FAULTS.filter(({ name, queue }) => only.includes(name) && (queue !== 'small' || broker === 'mosquitto')),
    rounds,
  );
  const context = {
    broker,
    seed,
    full,
    signal: interruption.signal,
    cleanup,
    say: (text: string) => console.error(text),
  };
  const results = await runInLanes(shares, lanes, context);
  const summary = summarize(seed, rounds, results);
  printTable(tableOf(results));
  if (report) {
    const minutes = Math.ceil((performance.now() - start) / 60_000);
    const versions = {
      node: process.versions.node,
      postgres: server.version,
      broker: broker === 'aedes' ? 'aedes' : `Mosquitto ${mosquittoVersion()}`,
    };
    writeFileSync(join(packageRoot(), 'docs', 'fault-report.md'), markdownOf(results, summary, versions, minutes));
  }
  if (json) console.log(JSON.stringify(summary));
  if (!isRight(summary)) process.exitCode = 1;
}

/** Long ones first, so that no lane is left with one of them in the end. Each has a stage of its own. */
async function runInLanes(
  shares: ReadonlyMap<Fault, number>,
  lanes: number,
  context: RunContext,
): Promise<readonly FaultResult[]> {
  const waiting = [...shares].sort(
    ([a, n], [b, m]) => b.loadS(true) + b.loadS(false) * m - (a.loadS(true) + a.loadS(false) * n),
  );
  const results = new Map<Fault, FaultResult>();
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [fault, rounds] = next;
      const result = await runFault(fault, rounds, context);
      explain(result, context.seed);
      results.set(fault, result);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return [...shares.keys()].map((fault) => results.get(fault) as FaultResult);
}

function explain({ fault, findings, logDirectory }: FaultResult, seed: number): void {
  if (findings.length === 0) return;
  console.error(`\n${fault.name}, seed ${seed}: ${findings.length} findings. Logs: ${logDirectory}`);
  for (const { kind, text } of findings.slice(0, SHOWN_FINDINGS)) console.error(`  ${kind}: ${text}`);
  if (findings.length > SHOWN_FINDINGS) console.error(`  … and ${findings.length - SHOWN_FINDINGS} more`);
}
