import { execFileSync } from 'node:child_process';
import { Cleanup } from '../tools/faults/parts/cleanup.js';
import { FanoutRun } from './fanout/measure.js';
import { readFanoutOptions } from './fanout/options.js';
import { printTables } from './fanout/tables.js';

/** Files of a process beside its sockets. */
const OTHER_FILES = 200;

const options = readFanoutOptions(process.argv.slice(2));
const cleanup = new Cleanup();
let ending: Promise<void> | null = null;
/** Once, whoever asks first: the end of the run, or somebody who interrupts it. */
const end = () => {
  ending ??= cleanup.run();
  return ending;
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.error(`interrupted by ${signal}`);
    end().finally(() => process.exit(1));
  });
}
try {
  requireFiles(Math.max(...options.sizes) + OTHER_FILES);
  const report = await new FanoutRun(options, cleanup, (text) => process.stderr.write(`${text}\n`)).run();
  if (ending === null) {
    if (!options.json) printTables(report);
    console.log(JSON.stringify(report));
  }
  if (report.invalid.length > 0) process.exitCode = 1;
} finally {
  await end();
}

/** Children inherit the limit: each of them has one end of every connection. */
function requireFiles(needed: number): void {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  if (limit === 'unlimited' || Number(limit) >= needed) return;
  throw new Error(
    `a process may open ${limit} files, ${needed} are needed: \`ulimit -n ${needed}\`, or fewer --clients`,
  );
}
