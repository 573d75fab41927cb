import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { FOREIGN_WRITER_MODES } from '../../src/foreign-writers/ports/foreign-writers.js';
import { findDatabaseServer } from '../faults/parts/database-server.js';
import { type ForeignRunResult, foreignRun } from './foreign-run.js';
import { season } from './season.js';

// The programs of the platform beside the package, on one database and one `/ws`: are rows and screens right at the end?

const SHOWN_FAULTS = 20;
const SHORT = { matches: '24', unfed: '4' };
const { values } = parseArgs({
  options: {
    matches: { type: 'string', default: '104' },
    unfed: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    mode: { type: 'string' },
    short: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const counts = values.short ? SHORT : values;
const [matches, unfed, seed] = [counts.matches, counts.unfed, values.seed].map(Number) as [number, number, number];
if (![matches, unfed, seed].every((number) => Number.isInteger(number) && number >= 0))
  throw new Error('--matches, --unfed and --seed must be whole numbers');
const modes = FOREIGN_WRITER_MODES.filter((mode) => values.mode === undefined || values.mode === mode);
if (modes.length === 0) throw new Error(`--mode must be ${FOREIGN_WRITER_MODES.join(', ')}`);

Logger.overrideLogger(['error']);
const server = await findDatabaseServer();
process.env.DATABASE_URL = server.url;
try {
  const stories = await season(seed, matches, unfed);
  const results = await Promise.all(modes.map((mode) => foreignRun(mode, stories, seed)));
  for (const result of results) report(result);
  process.exitCode = results.every(isRight) ? 0 : 1;
} finally {
  await server.stop();
}

function isRight({ failed, wrongRows, wrongScreens, holes, goalsTooMany }: ForeignRunResult): boolean {
  return failed.length + wrongRows.length + wrongScreens.length + holes.length + goalsTooMany === 0;
}

function report(result: ForeignRunResult): void {
  if (values.json) {
    console.log(JSON.stringify(result));
    return;
  }
  const { mode, statements, failed, ownDeadlocks, wrongRows, wrongScreens, holes, goalsTooMany, tookS } = result;
  console.log(
    `${mode}: ${result.matches} matches, ${statements} foreign statements, ${failed.length} failed, ${ownDeadlocks} run again after a deadlock of their own, ${wrongRows.length} wrong rows, ` +
      `${wrongScreens.length} wrong screens, ${holes.length} with versions that no journal row tells, ${goalsTooMany} goals too many, ${tookS} s`,
  );
  for (const fault of [...failed, ...wrongRows, ...wrongScreens, ...holes].slice(0, SHOWN_FAULTS))
    console.log(`  ${fault}`);
}
