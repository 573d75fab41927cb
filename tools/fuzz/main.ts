import { parseArgs } from 'node:util';
import { FuzzRun } from './fuzz.js';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, payloads: { type: 'string' }, json: { type: 'boolean' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const payloads = Number(values.payloads ?? 1_000_000);
const startMs = performance.now();
const result = await new FuzzRun(seed, payloads).run();
const tookS = Math.round((performance.now() - startMs) / 100) / 10;
if (!values.json) for (const fault of result.faults) console.error(fault);
console.log(JSON.stringify({ ...result, tookS }));
process.exit(result.faults.length > 0 ? 1 : 0);
