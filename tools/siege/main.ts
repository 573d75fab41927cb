import { rmSync } from 'node:fs';
import { TOKEN_SECRET } from '../doors/protocol-2-attacks.js';
import { Cleanup } from '../faults/parts/cleanup.js';
import { findDatabaseServer } from '../faults/parts/database-server.js';
import { mosquittoVersion } from '../faults/parts/mosquitto.js';
import { buildStage } from '../soak/stage.js';
import { readOptions, type SiegeOptions } from './options.js';
import { SiegeRun } from './siege-run.js';
import { brokenPromises } from './verdict.js';

// Every attack of the doors and a hostile feed, all together and for long, beside 500 messages a second: is anything lost, does
// anything stay, how much is logged?

/** As the doors attack it: a proxy says who asks, and clients may say who they are. */
const HOST = { TRUSTED_PROXIES: '127.0.0.1', ORIGINS: 'https://scores.example', LIVESCORE_JWT_SECRET: TOKEN_SECRET };

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

async function run(options: SiegeOptions): Promise<void> {
  if (process.platform !== 'linux') throw new Error('The siege reads memory from /proc: it runs on Linux only');
  if (mosquittoVersion() === null) {
    const reason = 'The siege needs a real broker: apt-get install mosquitto';
    if (!options.short) throw new Error(reason);
    console.error(`skipped: ${reason}`);
    return;
  }
  const server = await findDatabaseServer();
  cleanup.add(() => server.stop());
  process.env.DATABASE_URL = server.url;
  const stage = await buildStage(cleanup, HOST);
  const say = (text: string) => console.error(text);
  const verdict = await new SiegeRun(stage, options, interruption.signal, say).run();
  const faults = brokenPromises(verdict, options.short);
  say(faults.length === 0 ? 'all right' : `NOT RIGHT: ${faults.join('; ')}. Logs: ${stage.logDirectory}`);
  if (faults.length === 0) rmSync(stage.logDirectory, { recursive: true, force: true });
  else process.exitCode = 1;
  if (options.json) console.log(JSON.stringify(verdict));
  else for (const [name, value] of Object.entries(verdict)) console.log(`${name}: ${JSON.stringify(value)}`);
}
