import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AedesBroker } from '../faults/parts/aedes-broker.js';
import { Cleanup } from '../faults/parts/cleanup.js';
import { findDatabaseServer } from '../faults/parts/database-server.js';
import { startProvider } from './model/provider-world.js';
import { type ChaosOptions, readOptions, type ScenarioName } from './options.js';
import { ChaosDatabase } from './parts/chaos-database.js';
import { Findings, type Outcome, printOutcome } from './parts/outcome.js';
import type { World } from './parts/world.js';
import { again } from './scenarios/again.js';
import { away } from './scenarios/away.js';
import { fill, fillQuietly } from './scenarios/fill.js';
import { lookups } from './scenarios/lookups.js';
import { ticks } from './scenarios/ticks.js';

const SCENARIOS: Readonly<Record<ScenarioName, (world: World) => Promise<Outcome>>> = {
  fill,
  again,
  away,
  lookups,
  ticks,
};

const options = readOptions(process.argv.slice(2));
const cleanup = new Cleanup();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void cleanup.run().finally(() => process.exit(1)));
}
try {
  process.exitCode = (await run(options)) ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  console.error(error);
} finally {
  await cleanup.run();
}

async function run(options: ChaosOptions): Promise<boolean> {
  if (process.platform !== 'linux') throw new Error('This program reads memory from /proc: it runs on Linux only');
  const world = await build(options);
  const chosen = (names: readonly ScenarioName[]) => names.filter((name) => options.only.includes(name));
  const beganMs = performance.now();
  const lanes = await Promise.all([
    inTurn(chosen(['fill', 'again', 'away']), world, () => fillQuietly(world)),
    inTurn(chosen(['ticks', 'lookups']), world),
  ]);
  const outcomes = lanes.flat();
  const passed = outcomes.every((outcome) => outcome.passed);
  const tookS = Math.round((performance.now() - beganMs) / 1_000);
  console.log(JSON.stringify({ passed, seed: options.seed, rows: options.rows, tookS, outcomes }));
  if (!passed) console.error(`Logs: ${world.logDirectory}`);
  else cleanup.add(() => rmSync(world.logDirectory, { recursive: true }));
  return passed;
}

async function build(options: ChaosOptions): Promise<World> {
  const server = await findDatabaseServer();
  cleanup.add(() => server.stop());
  process.env.DATABASE_URL = server.url;
  const logDirectory = mkdtempSync(join(tmpdir(), 'livescore-sync-chaos-'));
  const broker = await AedesBroker.start();
  cleanup.add(() => broker.stop());
  const provider = await startProvider(options.rows, options.seed);
  cleanup.add(() => provider.close());
  const filled = await ChaosDatabase.create();
  cleanup.add(() => filled.drop());
  const beganMs = performance.now();
  const say = (text: string) =>
    console.error(`${((performance.now() - beganMs) / 1_000).toFixed(0).padStart(4)} s ${text}`);
  return { options, provider, filled, mqttUrl: broker.url, logDirectory, cleanup, say };
}

/** One after the other. @param first makes what the others stand on, when the first of them is left out */
async function inTurn(
  names: readonly ScenarioName[],
  world: World,
  first?: () => Promise<void>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  if (first && names.length > 0 && !names.includes('fill')) await first();
  for (const name of names) {
    world.say(`${name} begins`);
    const outcome = await attempt(name, world);
    printOutcome(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

async function attempt(name: ScenarioName, world: World): Promise<Outcome> {
  try {
    return await SCENARIOS[name](world);
  } catch (error) {
    const findings = new Findings(name);
    findings.breaks(`it could not be done: ${error instanceof Error ? error.stack : String(error)}`);
    return findings.end();
  }
}
