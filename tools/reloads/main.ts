import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerKind } from '../faults/parts/broker.js';
import { Cleanup } from '../faults/parts/cleanup.js';
import { findDatabaseServer } from '../faults/parts/database-server.js';
import { runToTheEnd } from '../faults/parts/run-to-the-end.js';
import { runLoop } from './loop-run.js';
import { type Mode, PM2_MODES, readOptions } from './options.js';
import { runReloads } from './reload-run.js';
import { findingsOf, linesOf, type Results, summaryOf } from './report.js';
import { runRestarts } from './restarts-run.js';
import type { RunContext } from './run-context.js';

// Hosts under the real PM2, reloaded under load: is anything lost, or told twice, and for how long is nothing committed?

const SHOWN_FINDINGS = 12;

const options = readOptions(process.argv.slice(2));
const cleanup = new Cleanup();
const interruption = new AbortController();
await runToTheEnd(runAll, cleanup, interruption);
process.exit();

async function runAll(): Promise<void> {
  if (brokerKind() === 'aedes') console.error('No Mosquitto: a broker in this process instead');
  const server = await findDatabaseServer();
  cleanup.add(() => server.stop());
  process.env.DATABASE_URL = server.url;
  const results: Results = { reloads: [], loop: null, restarts: null };
  for (const mode of options.modes) Object.assign(results, await runMode(mode, results));
  for (const line of linesOf(results)) console.log(line);
  const findings = findingsOf(results);
  for (const { kind, text } of findings.slice(0, SHOWN_FINDINGS)) console.error(`  ${kind}: ${text.slice(0, 2_000)}`);
  if (options.json) console.log(JSON.stringify(summaryOf(results)));
  if (findings.length > 0) process.exitCode = 1;
}

/** Each on a stage of its own, which is taken down before the next one. */
async function runMode(mode: Mode, { reloads }: Results): Promise<Partial<Results>> {
  const own = new Cleanup();
  cleanup.add(() => own.run());
  const logDirectory = mkdtempSync(join(tmpdir(), `livescore-reloads-${mode}-`));
  // as root, Mosquitto turns into its own user before it writes
  chmodSync(logDirectory, 0o777);
  own.add(() => rmSync(logDirectory, { recursive: true, force: true }));
  const say = (text: string) => console.error(text);
  const context: RunContext = { options, cleanup: own, logDirectory, signal: interruption.signal, say };
  try {
    if (mode === 'loop') return { loop: await runLoop(context) };
    if (mode === 'restarts') return { restarts: await runRestarts(context) };
    const pm2Mode = PM2_MODES.find((one) => one === mode) ?? 'fork';
    return { reloads: [...reloads, await runReloads(pm2Mode, context)] };
  } finally {
    await own.run();
  }
}
