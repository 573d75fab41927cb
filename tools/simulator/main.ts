import { parseArgs } from 'node:util';
import { simulate } from './simulate.js';
import { runTruth } from './truth/run-truth.js';

const args = process.argv.slice(2);
if (args.includes('--truth')) process.exitCode = await runTruth(args);
else await simulateSteps(args);

async function simulateSteps(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { seed: { type: 'string' }, steps: { type: 'string' } } });
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const steps = Number(values.steps ?? 1_000_000);
  const startMs = performance.now();
  try {
    const result = await simulate(seed, steps);
    console.log(JSON.stringify({ seed, ...result, tookS: Math.round((performance.now() - startMs) / 100) / 10 }));
  } catch (error) {
    process.exitCode = 1;
    console.error(error instanceof Error ? error.message : error);
    console.log(JSON.stringify({ seed, steps, failed: true }));
  }
}
