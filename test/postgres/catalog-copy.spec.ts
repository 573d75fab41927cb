import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PgJournalWatermark } from '../../src/feed-recovery/adapters/pg/pg-journal-watermark.js';
import { PgLiveMatches } from '../../src/feed-recovery/adapters/pg/pg-live-matches.js';
import { PgHostRows } from '../../src/lease/adapters/pg/pg-host-rows.js';
import { withCatalogNames } from '../../src/postgres/adapters/pg/catalog-names.js';
import { Database, type Statement } from '../../src/postgres/database.js';
import { otherMatches, removeRun } from '../../src/replay/replayed-rows.js';
import { seedRows } from '../../src/replay/seed-rows.js';
import { commitLatencies } from '../../src/replay/verify/latencies.js';
import { readMatchRows } from '../../src/replay/verify/match-rows.js';
import { untoldGoals } from '../../src/replay/verify/untold-goals.js';
import { bind } from '../../src/score-writer/adapters/pg/score-statement.js';
import { CatalogCopy } from '../support/catalog-copy.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const SOURCE = '../../src/';
const WRITE = { next: { home: [0, 0, 0, 0, 0, 0, 0], away: [0, 0, 0, 0, 0, 0, 0], kickoffs: {} } } as never;

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && 'name' in value && 'text' in value && typeof value.text === 'string';

/** Those that modules beside a database export, the two of the writer, and those of stores that keep them to themselves. */
async function statementsOfHosts(): Promise<readonly string[]> {
  const files = readdirSync(fileURLToPath(new URL(SOURCE, import.meta.url)), { recursive: true, encoding: 'utf8' });
  const meant = files.filter(
    (file) => /adapters\/pg\/.*(?<!\.spec)\.ts$/.test(file) || file === 'postgres/database-check.ts',
  );
  const exported: Statement[] = [];
  for (const file of meant) {
    const module: object = await import(`${SOURCE}${file.replace(/ts$/, 'js')}`);
    exported.push(...Object.values(module).filter(isStatement));
  }
  const kept = new KeptStatements();
  await new PgJournalWatermark(kept).newestReceivedAtMs(0);
  await new PgLiveMatches(kept).list(1);
  const hosts = new PgHostRows(kept);
  await Promise.all([hosts.list(), hosts.remove('', ''), hosts.write('', '', {} as never)]);
  const writes = [bind([WRITE], null, null).statement, bind([], null, null).statement];
  return [...exported, ...kept.statements, ...writes].map(({ text }) => text);
}

class KeptStatements extends Database {
  readonly statements: Statement[] = [];

  override async query<Row>(statement: Statement): Promise<readonly Row[]> {
    this.statements.push(statement);
    return [];
  }

  override async queryOnDedicatedConnection<Row>(statement: Statement) {
    return { rows: await this.query<Row>(statement), count: 0 };
  }
}

/** What commands and replay send in earnest, as it reaches the driver. */
async function statementsOfCommands(url: string): Promise<readonly string[]> {
  const sent = new Set<string>();
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    if (typeof args[0] === 'string') sent.add(args[0]);
    return (query as (...args: unknown[]) => never).apply(this, args);
  } as typeof query;
  try {
    for (const command of COMMANDS) await runCli(command.split(' '), { DATABASE_URL: url, USER: 'anna', PORT: '1' });
    const { openDatabase } = await import('../../src/postgres/adapters/pg/open-database.js');
    const client = await openDatabase(url);
    await readMatchRows(client, ['m']);
    await untoldGoals(client, ['m']);
    await commitLatencies(client, ['m'], null as never);
    const matches = [{ matchId: 'm', home: 'A', away: 'B', matchTimeS: 1 }];
    await seedRows(client, { competition: 'c', competitionId: 'c', teamId: String, matches });
    await otherMatches(client);
    await removeRun(client, 'abcdefghi');
    await client.end();
  } finally {
    pg.Client.prototype.query = query;
  }
  return [...sent].filter((text) => !/^(BEGIN|COMMIT|ROLLBACK|SET|START|SELECT 1)\b/.test(text));
}

const COMMANDS = [
  'dead-letters list --reason malformed',
  'dead-letters list --payload 1',
  'dead-letters redrive --all --wait 1',
  'dead-letters purge --all --dry-run',
  'dead-letters purge --all --yes',
  'explain m',
  'foreign-writers set observe --reason x',
  'minute m --at 1m',
  'minute --set shadow --reason x',
  'stage get',
  'stage set shadow --reason x',
  'stage history',
  'pin m legacy',
  'pin m --remove',
  'rollout report',
  'revert --since 1d --dry-run',
  'settlement report',
  'settlement explain 00000000-0000-0000-0000-000000000000',
  'settlement redo m --reason x',
  'settlement --set shadow --reason x',
  'sync status',
  'sync run teams --no-wait --reason x',
  'sync pause teams --reason x',
  'sync resume teams --reason x',
  'sync --set shadow --reason x',
  'match stale',
  'match end m --reason x --yes',
  'verify',
  'doctor',
  'watch --once',
  'prune --yes',
];

describe('every statement, where another schema has all that the catalogue has', () => {
  let database: TestDatabase;
  let copy: CatalogCopy;

  beforeAll(async () => {
    database = await createTestDatabase();
    copy = await CatalogCopy.in(database.url);
  });

  afterAll(async () => {
    await copy.close();
    await database.drop();
  });

  it('takes nothing from there: hosts', async () => {
    const texts = await statementsOfHosts();
    expect(texts.length).toBeGreaterThan(40);
    for (const text of texts) expect([text, await copy.takenFromOutside(withCatalogNames(text))]).toEqual([text, []]);
  });

  it('takes nothing from there: commands', async () => {
    const texts = await statementsOfCommands(database.url);
    expect(texts.length).toBeGreaterThan(80);
    for (const text of texts) expect([text, await copy.takenFromOutside(text)]).toEqual([text, []]);
  });

  it('would take it, were it sent as it is written', async () => {
    const texts = (await statementsOfHosts()).filter((text) => /\bnow\(|jsonb_build/.test(text));
    const refused = () => ['an operator of there that cannot be meant'];
    for (const text of texts) {
      expect([text, await copy.takenFromOutside(text).catch(refused)]).not.toEqual([text, []]);
    }
  });
});
