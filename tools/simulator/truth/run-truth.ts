import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadBuild } from './build.js';
import { playTruth, type Result } from './play-truth.js';
import { readTruthArguments } from './truth-arguments.js';
import { truthTables, wrongFinals } from './truth-report.js';

/** The checkout that this program is compiled in: `dist/app/tools/simulator/truth` below it. */
const HERE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', '..');

/** `npm run simulate -- --truth`: is what readers see true, in the end and meanwhile? @returns the exit code */
export async function runTruth(args: readonly string[]): Promise<0 | 1> {
  const { json, against, ...run } = readTruthArguments(args);
  const startMs = performance.now();
  const before = against === null ? null : await playTruth(await loadBuild(resolve(against)), run);
  const after = await playTruth(await loadBuild(HERE), run);
  const { excused, faults } = wrongFinals(after);
  if (json) console.log(JSON.stringify({ seed: run.seed, matches: after.length, faults, excused, after, before }));
  else print(after, before, excused, faults);
  const tookS = (performance.now() - startMs) / 1000;
  console.error(`${after.length + (before?.length ?? 0)} matches, seed ${run.seed}, ${tookS.toFixed(1)} s`);
  return faults.length === 0 ? 0 : 1;
}

function print(
  after: readonly Result[],
  before: readonly Result[] | null,
  excused: readonly string[],
  faults: readonly string[],
): void {
  for (const line of truthTables(after, before)) console.log(line);
  console.log(`\n# Wrong in the end though the provider answers, and excused: ${excused.length}`);
  for (const line of excused) console.log(line);
  console.log(`\n# Faults: wrong in the end though the provider answers: ${faults.length}`);
  for (const line of faults) console.log(line);
}
