import { rmSync } from 'node:fs';
import { Cleanup } from '../faults/parts/cleanup.js';
import { findDatabaseServer } from '../faults/parts/database-server.js';
import { mosquittoVersion } from '../faults/parts/mosquitto.js';
import { readOptions, type SoakOptions } from './options.js';
import { SoakRun } from './soak-run.js';
import { buildStage } from './stage.js';
import { brokenPromises } from './verdict.js';

const options = readOptions(process.argv.slice(2));
const cleanup = new Cleanup();
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
}
try {
  await run(options);
} catch (error) {
  process.exitCode = 1;
  console.error(interruption.signal.aborted ? interruption.signal.reason.message : error);
} finally {
  await cleanup.run();
}

async function run(options: SoakOptions): Promise<void> {
  if (process.platform !== 'linux') throw new Error('The soak reads memory from /proc: it runs on Linux only');
  if (mosquittoVersion() === null) throw new Error('The soak needs a real broker: apt-get install mosquitto');
  const server = await findDatabaseServer();
  cleanup.add(() => server.stop());
  process.env.DATABASE_URL = server.url;
  const stage = await buildStage(cleanup);
  const say = (text: string) => console.error(text);
  const verdict = await new SoakRun(stage, options, interruption.signal, say).run();
  const faults = brokenPromises(verdict);
  say(faults.length === 0 ? 'all right' : `NOT RIGHT: ${faults.join('; ')}. Logs: ${stage.logDirectory}`);
  if (faults.length === 0) rmSync(stage.logDirectory, { recursive: true, force: true });
  else process.exitCode = 1;
  if (options.json) console.log(JSON.stringify(verdict));
  else for (const [name, value] of Object.entries(verdict)) console.log(`${name}: ${JSON.stringify(value)}`);
}
