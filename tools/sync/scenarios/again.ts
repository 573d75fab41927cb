import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../../examples/host/package-root.js';
import { PROVIDER_ENTITY_KINDS, PROVIDER_ENTITY_LISTS } from '../../../src/testing/index.js';
import { FIELD_MAPPING, TABLES, TIMED } from '../model/field-mapping.js';
import type { ChaosDatabase } from '../parts/chaos-database.js';
import { HostPair, QUICK, UNSCHEDULED } from '../parts/host-pair.js';
import { Findings, type Outcome } from '../parts/outcome.js';
import { isCompleteSince, TWELVE, untilAll } from '../parts/sync-watch.js';
import type { World } from '../parts/world.js';

const PAGE_ROWS = 500;
const MOST_TIMED_REQUESTS = 2;
const SINGLE_TEAMS = '/team/list';

/** `livescore sync run all` when everything was read just now: few requests, and no row is written. */
export async function again(world: World): Promise<Outcome> {
  const { provider } = world;
  const findings = new Findings('again');
  const database = await world.filled.copy();
  world.cleanup.add(() => database.drop());
  try {
    const jobs = UNSCHEDULED;
    const place = {
      ...world,
      scenario: 'again',
      database,
      budget: { requestsPerSecond: 50, burst: 50 },
      sync: { ...QUICK, jobs },
    };
    const hosts = await HostPair.start(place);
    try {
      provider.requestLog.clear();
      const askedAtMs = await database.nowMs();
      const { code, said } = await runCommand(database.url, ['sync', 'run', 'all', '--timeout', '120']);
      findings.expect(code === 0, `livescore sync run all ended with ${code}: ${said.slice(-300)}`);
      findings.none(
        'entities that were not run',
        await untilAll(database, TWELVE, (row) => isCompleteSince(row, askedAtMs), 0),
      );
    } finally {
      // statistics are told when connections end
      await hosts.close();
    }
    findings.none('errors in the logs', hosts.errors);
    checkRequests(world, findings);
    await checkRewritten(database, findings);
  } finally {
    await database.drop();
  }
  return findings.end();
}

function checkRequests({ provider }: World, findings: Findings): void {
  const { requestLog, entities } = provider;
  const counts: Record<string, string> = {};
  for (const kind of PROVIDER_ENTITY_KINDS) {
    const asked = requestLog.count(PROVIDER_ENTITY_LISTS[kind]);
    const pages = Math.ceil(entities.size(kind) / PAGE_ROWS);
    const allowed = TIMED.includes(kind) ? MOST_TIMED_REQUESTS : pages + 1;
    counts[kind] = `${asked}/${allowed}`;
    findings.expect(asked > 0 && asked <= allowed, `${asked} requests for ${kind}, allowed are ${allowed}`);
  }
  counts['single teams'] = `${requestLog.count(SINGLE_TEAMS)}/0`;
  findings.expect(
    requestLog.count(SINGLE_TEAMS) === 0,
    `${requestLog.count(SINGLE_TEAMS)} questions about single teams that were asked about just now`,
  );
  findings.fact('requests', counts);
}

/** The database is a copy: its statistics began with it, so that whatever they count was done here. */
async function checkRewritten(database: ChaosDatabase, findings: Findings): Promise<void> {
  const rows = await database.rows<{ name: string; written: number; read: number }>(
    `SELECT relname AS name, n_tup_ins + n_tup_upd + n_tup_del AS written, seq_scan + COALESCE(idx_scan, 0) AS read
       FROM pg_stat_user_tables WHERE relname = ANY ($1::text[])`,
    [TABLES],
  );
  const written = rows.reduce((sum, row) => sum + row.written, 0);
  findings.fact('rows rewritten', written);
  findings.none(
    'tables with rewritten rows',
    rows.flatMap((row) => (row.written > 0 ? [`${row.name} ${row.written}`] : [])),
  );
  const silent = Object.values(FIELD_MAPPING).filter(
    ({ table }) => !rows.some(({ name, read }) => name === table && read > 0),
  );
  findings.none(
    'tables that the statistics do not know of',
    silent.map(({ table }) => table),
  );
}

/** The command line of the package, as an operator calls it. */
async function runCommand(databaseUrl: string, args: readonly string[]) {
  const entry = join(packageRoot(), 'dist', 'app', 'src', 'cli', 'main.js');
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, DATABASE_URL: databaseUrl, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, said };
}
