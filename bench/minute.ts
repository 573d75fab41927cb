import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { findDatabase } from './environment.js';
import { MinuteDatabase } from './minute-database.js';
import { MinuteTicks } from './minute-ticks.js';
import { median, rounded } from './statistics.js';

/** What is measured beside `minute = minute`: ticks so many seconds after each other, or the least that changes a minute. */
const CASES = { unchanged: 0, half: 30, all: 60, changing: null } as const;
type Case = keyof typeof CASES;

const PLAIN = update('minute');
const CHANGING = update('minute + 1');
const ROUNDS = 21;
const WARM_UP = 4;

Logger.overrideLogger(false);
const server = await findDatabase();
const database = await MinuteDatabase.create(server.url, `livescore_minute_${randomBytes(4).toString('hex')}`);
const sql = new Client(database.url);
try {
  await sql.connect();
  const ticks = new MinuteTicks(database.url, database.kickoffS);
  for (const name of Object.keys(CASES) as Case[]) await measure(name, ticks);
  await ticks.close();
} finally {
  await sql.end();
  await database.drop();
  await server.stop();
}

/** Rounds of one work and the plain statement, in turns, so that what slows one of them slows both. */
async function measure(name: Case, ticks: MinuteTicks): Promise<void> {
  await ticks.tick(0);
  const laterS = CASES[name];
  const [times, plainTimes, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const ms = await timed(() => (laterS === null ? run('changing', CHANGING) : ticks.tick(laterS)));
    const plainMs = await timed(() => run('plain', PLAIN));
    if (round < WARM_UP) continue;
    times.push(ms);
    plainTimes.push(plainMs);
    ratios.push(ms / plainMs);
  }
  const of = (values: readonly number[]) => rounded(median(values), 2);
  const written = laterS === null ? null : ticks.written;
  const facts = { minute: name, matches: database.live.length, written };
  console.log(JSON.stringify({ ...facts, ms: of(times), plainMs: of(plainTimes), ratio: of(ratios) }));
}

function update(value: string): string {
  return `UPDATE public.ts_matches SET minute = (${value}) WHERE external_id = ANY ($1::text[])`;
}

function run(name: string, text: string): Promise<unknown> {
  return sql.query({ name, text, values: [database.live] });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
