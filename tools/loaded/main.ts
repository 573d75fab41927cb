import { mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../examples/host/package-root.js';
import { isRight, readTournament } from '../../src/replay/index.js';
import { brokerKind, startBroker } from '../faults/parts/broker.js';
import { Cleanup } from '../faults/parts/cleanup.js';
import { findDatabaseServer } from '../faults/parts/database-server.js';
import { CpuHogs } from './cpu-hogs.js';
import { loadedRun } from './loaded-run.js';

// The README's replay on a machine whose every core is busy with something else: is every row right, every goal told?

const SHOWN_FAULTS = 40;
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    hogs: { type: 'string', default: String(availableParallelism()) },
  },
});
const [runs, seed, hogs] = [values.runs, values.seed, values.hogs].map(Number) as [number, number, number];
if (![runs, seed, hogs].every((number) => Number.isInteger(number) && number >= 0))
  throw new Error('--runs, --seed and --hogs must be whole numbers');

const cleanup = new Cleanup();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => cleanup.run().finally(() => process.exit(1)));
}
try {
  process.exitCode = (await replayLoaded()) === runs ? 0 : 1;
} finally {
  await cleanup.run();
}

/** @returns how many runs were right */
async function replayLoaded(): Promise<number> {
  const tournament = await readTournament(join(packageRoot(), 'examples', 'data', 'worldcup-2022.json'));
  const server = await findDatabaseServer();
  cleanup.add(() => server.stop());
  process.env.DATABASE_URL = server.url;
  const logs = mkdtempSync(join(tmpdir(), 'livescore-loaded-'));
  const broker = await startBroker(brokerKind(), 'for-the-window', join(logs, 'broker.log'));
  cleanup.add(() => broker.stop());
  const neighbours = CpuHogs.start(hogs);
  cleanup.add(() => neighbours.stop());
  let right = 0;
  for (let run = 0; run < runs; run++) {
    if (await isRunRight(run)) right++;
  }
  console.log(JSON.stringify({ runs, right, hogs }));
  return right;

  async function isRunRight(run: number): Promise<boolean> {
    const startMs = performance.now();
    const summary = await loadedRun(tournament, seed + run, broker.url, logs);
    const { matches, frames, goals, goalsAnnounced, goalsUntold, duplicateAnnouncements, wrongRows } = summary;
    console.log(
      `run ${run + 1} of ${runs}: ${isRight(summary) ? 'right' : 'WRONG'}. ${matches} matches, ${frames} frames, ` +
        `${wrongRows.length} wrong columns, ${goalsAnnounced} of ${goals} goals told, ${goalsUntold} untold, ${duplicateAnnouncements} twice, ` +
        `${Math.round((performance.now() - startMs) / 1_000)} s`,
    );
    for (const { teams, matchId, column, expected, actual } of wrongRows.slice(0, SHOWN_FAULTS))
      console.log(
        `  ${teams} (${matchId}) ${column}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`,
      );
    if (wrongRows.length > 0) console.log(`  why: ${logs}`);
    return isRight(summary);
  }
}
