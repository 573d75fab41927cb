// What a statement costs PostgreSQL, part by part, beside the batched one written by hand; see README.md.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { ClientDatabase } from '../src/postgres/adapters/pg/client-database.js';
import { PgScoreStore } from '../src/score-writer/adapters/pg/pg-score-store.js';
import { bind } from '../src/score-writer/adapters/pg/score-statement.js';
import { DatabaseServer } from './database.js';
import { findDatabase } from './environment.js';
import { figuresOf, type PlanFigures } from './plan-figures.js';
import { median, rounded } from './statistics.js';
import { bindUpdate } from './subjects/batched-update.js';
import { SECOND_HALF_AGE_S } from './subjects/turn-feed.js';
import { matchIdOf, Workload } from './workload.js';

const BATCHES = [1, 5, 20, 200];
const PLANS = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'jit=off',
  'max_parallel_workers_per_gather=0',
];

const { values } = parseArgs({
  options: {
    rows: { type: 'string', multiple: true, default: ['5000'] },
    times: { type: 'string', default: '21' },
  },
});
const server = await findDatabase();
try {
  for (const rows of values.rows.map(Number)) await measure(rows, Number(values.times));
} finally {
  await server.stop();
}

async function measure(tableRows: number, times: number): Promise<void> {
  const runName = `livescore_statement_${randomBytes(4).toString('hex')}`;
  const kickoffS = Math.floor(Date.now() / 1000) - SECOND_HALF_AGE_S;
  const databases = await DatabaseServer.prepare(server.url, runName, kickoffS, tableRows);
  const label = `${runName}_one`;
  try {
    const url = await databases.create(label);
    const client = new Client({ connectionString: url, options: PLANS.map((setting) => `-c ${setting}`).join(' ') });
    await client.connect();
    try {
      for (const batch of BATCHES) await measureBatch(client, { tableRows, batch, times, kickoffS });
    } finally {
      await client.end();
    }
  } finally {
    await databases.drop(label);
    await databases.close();
  }
}

interface Case {
  readonly tableRows: number;
  readonly batch: number;
  readonly times: number;
  readonly kickoffS: number;
}

/** Both change the same rows, in turns; each change is taken back, and the table swept, before the next. */
async function measureBatch(client: Client, { tableRows, batch, times, kickoffS }: Case): Promise<void> {
  const statements = { ours: await ours(client, batch, tableRows), rawBatched: byHand(batch, tableRows, kickoffS) };
  const found: Record<keyof typeof statements, PlanFigures[]> = { ours: [], rawBatched: [] };
  for (let n = 0; n < times; n++) {
    for (const name of n % 2 === 0 ? (['ours', 'rawBatched'] as const) : (['rawBatched', 'ours'] as const)) {
      found[name].push(await explained(client, statements[name].text, statements[name].values));
    }
    await client.query('VACUUM ts_matches, livescore_journal');
  }
  console.log(JSON.stringify({ tableRows, batch, ours: medians(found.ours), rawBatched: medians(found.rawBatched) }));
}

async function explained(client: Client, text: string, given: readonly unknown[]): Promise<PlanFigures> {
  await client.query('BEGIN');
  try {
    const query = `EXPLAIN (ANALYZE, BUFFERS, WAL, FORMAT JSON) ${text}`;
    const { rows } = await client.query<{ 'QUERY PLAN': readonly [Parameters<typeof figuresOf>[0]] }>(query, [
      ...given,
    ]);
    return figuresOf(rows[0]!['QUERY PLAN'][0]);
  } finally {
    await client.query('ROLLBACK');
  }
}

/** Rows spread over the table: neighbours on one page would be cheaper than matches of one evening are. */
function ids(batch: number, tableRows: number): readonly string[] {
  return Array.from({ length: batch }, (_, n) => matchIdOf(Math.floor((n * tableRows) / batch)));
}

async function ours(client: Client, batch: number, tableRows: number) {
  const states = await new PgScoreStore(new ClientDatabase(client)).load(ids(batch, tableRows));
  const nowMs = Date.now();
  const writes = [...states.values()].map((state) => ({
    expectedVersion: state.version,
    next: { ...state, home: [1, 0, 0, 0, 0, 0, 0] as const, seenAtMs: nowMs },
    source: 'mqtt' as const,
    catchUp: false,
    goalIncidents: [],
    receivedAtMs: nowMs,
    atS: Math.floor(nowMs / 1000),
  }));
  const { statement, values: given } = bind(writes, null, null);
  return { text: statement.text, values: given };
}

function byHand(batch: number, tableRows: number, kickoffS: number) {
  const score = new Workload(kickoffS, 1).goal(0);
  const items = ids(batch, tableRows).map((id) => {
    return { id, score: [id, 4, score.home, score.away, kickoffS] } as unknown as Parameters<
      typeof bindUpdate
    >[0][number];
  });
  return bindUpdate(items);
}

function medians(found: readonly PlanFigures[]): Record<string, number | null> {
  const names = Object.keys(found[0] ?? {}) as (keyof PlanFigures)[];
  return Object.fromEntries(names.map((name) => [name, rounded(median(found.map((each) => each[name])), 3)]));
}
