import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { Client } from 'pg';
import { PROVIDER_TOPIC, readEnvironment } from '../../examples/host/environment.js';
import { type RunningHost, startHost } from '../../examples/host/start-host.js';
import { type JudgedCriterion, judgeAll } from '../../src/cli/verify/criteria.js';
import { readFacts } from '../../src/cli/verify/read-facts.js';
import { type ProviderStandIn, startProviderStandIn } from '../../src/testing/index.js';
import { contentsOf, dropTables, itWithTools, LONG_MS } from '../support/backup-tools.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const MATCHES = 24;
const SECRET = 'secret of the fake host';
/** What is looked at stands still. */
const QUICKLY = { looks: 8, betweenMs: 5, longestMs: 30_000 };
/** How long they take is the machine's business. */
const LATENCIES = ['write', 'broadcast', 'settlement', 'screen'];

type Json = Record<string, unknown>;
interface Answers {
  health: Json;
  ready: { status: number; body: Json };
  pool: Json;
  latency: { all: Json; goals: Json };
  metrics: string;
  /** every which look at /health is refused; 0: none */
  refusesEvery: number;
}

interface Verified {
  readonly criteria: readonly JudgedCriterion[];
  readonly of: (id: string) => JudgedCriterion | undefined;
  readonly failing: readonly string[];
}

async function verify(env: Readonly<Record<string, string>>, url: string): Promise<Verified & { exitCode: number }> {
  const { exitCode, stdout, stderr } = await runCli(['verify', '--json', '--url', url], env);
  if (stdout === '') throw new Error(stderr);
  const { criteria } = JSON.parse(stdout) as { criteria: readonly JudgedCriterion[] };
  return { exitCode, ...verified(criteria) };
}

function verified(criteria: readonly JudgedCriterion[]): Verified {
  const failing = criteria.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
  return { criteria, failing, of: (wanted) => criteria.find(({ id }) => id === wanted) };
}

describe('livescore verify', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let provider: ProviderStandIn;
  let host: RunningHost;
  let environment: ReturnType<typeof readEnvironment>;
  const kickoffS = Math.floor(Date.now() / 1000) - 600;

  beforeAll(async () => {
    [database, broker, provider] = await Promise.all([createTestDatabase(), startBroker(), startProviderStandIn()]);
    await runSql(database.url, seedSql(kickoffS));
    environment = {
      ...readEnvironment({}),
      databaseUrl: database.url,
      mqttUrl: broker.url,
      providerUrl: provider.url,
      providerUser: provider.user,
      providerSecret: provider.secret,
      // the stand-in answers from no cache: a recovery need not wait for it
      restLagMs: 1_000,
      // in silence it is asked often enough for every look, however late that comes
      recoverySilenceMs: 5_000,
      recoveryIntervalMs: 5_000,
      metrics: true,
      port: 0,
    };
    host = await startHost(environment, { logLevels: [] });
    await takesTheFeed(host);
    await playAll(1);
  });
  afterAll(async () => {
    await host.close();
    await provider.close();
    await broker.stop();
    await database.drop();
  });

  /** Every match kicks off or goes on, and the first three have a goal: that many then. */
  async function playAll(goals: number): Promise<void> {
    const publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    const publish = (n: number, home: number) =>
      publisher.publishAsync(
        PROVIDER_TOPIC,
        JSON.stringify([`v${n}`, 2, [home, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], kickoffS]),
      );
    const count = async (text: string) => Number((await rowsOf(database.url, text))[0]?.n);
    for (let n = 0; n < MATCHES; n++) await publish(n, n < 3 ? goals - 1 : 0);
    const versions = (version: number) => `SELECT count(*) AS n FROM livescore_journal WHERE version >= ${version}`;
    await eventually(async () => (await count(versions(1))) >= MATCHES, { what: 'the kick-offs' });
    for (let n = 0; n < 3; n++) await publish(n, goals);
    const settled = `${versions(goals + 1)} AND settled_at IS NOT NULL`;
    await eventually(async () => (await count(settled)) >= 3, { what: 'the goals and their settlement' });
    await publisher.endAsync();
  }

  const env = () => ({ DATABASE_URL: database.url });

  it('passes or waits on a healthy host, and says of which rows', async () => {
    await eventually(async () => (await asked(`${host.url}/health`)).feed?.state === 'live', {
      what: 'a live feed',
      timeoutMs: 60_000,
    });
    const { criteria, failing, of } = await verify(env(), host.url);
    expect(failing.filter((id) => !LATENCIES.includes(id))).toEqual([]);
    for (const id of LATENCIES) expect([id, of(id)?.verdict]).toEqual([id, expect.stringMatching(/pass|fail/)]);
    expect(of('write')?.evidence).toMatch(/^p95 [\d.]+ ms of 2\d writes in 15 min; slowest v\d+ v\d [\d.]+ ms/);
    expect(of('settlement')?.evidence).toMatch(/of 3 goals in 15 min/);
    expect(of('screen')?.evidence).toMatch(/of 3 goals.*not in it: the way from the provider to us/);
    expect(of('journal')).toMatchObject({ verdict: 'pass', evidence: `${MATCHES} live matches of the direct path` });
    expect(of('null-scores')).toMatchObject({ verdict: 'pass', evidence: `0 of ${MATCHES} live matches` });
    expect(of('unaccounted')).toMatchObject({ verdict: 'pass', evidence: expect.stringContaining('0 of 27 received') });
    for (const id of ['ready', 'pool', 'errors', 'fallback', 'minutes'])
      expect([id, of(id)?.verdict]).toEqual([id, 'pass']);
    expect(of('uptime')?.verdict).toMatch(/pass|waiting/);
    expect(criteria.every(({ evidence }) => evidence !== '')).toBe(true);
    const { stdout } = await runCli(['verify', '--url', host.url], env());
    expect(stdout).toMatch(/pass +journal equals row +every live match +24 live matches of the direct path/);
  });

  it('says what it could not ask', async () => {
    const alone = await verify(env(), 'http://127.0.0.1:1');
    expect([alone.failing.filter((id) => !LATENCIES.includes(id)), alone.exitCode]).toEqual([['ready'], 1]);
    expect(alone.of('pool')).toMatchObject({ verdict: 'waiting', evidence: expect.stringContaining('cannot be used') });
    const away = { DATABASE_URL: 'postgres://u:hidden@127.0.0.1:1/d', LIVESCORE_INTERNAL_SECRET: 'x' };
    const hostAlone = await verify(away, host.url);
    expect([hostAlone.failing.filter((id) => !LATENCIES.includes(id)), hostAlone.exitCode]).toEqual([['database'], 1]);
    expect(hostAlone.of('journal')).toMatchObject({
      verdict: 'waiting',
      evidence: expect.stringContaining('database at'),
    });
    expect(hostAlone.of('pool')).toMatchObject({
      verdict: 'waiting',
      evidence: expect.stringContaining('do not open'),
    });
    expect(JSON.stringify(hostAlone.criteria)).not.toContain('hidden');
    const nothing = await runCli(['verify', '--url', 'http://127.0.0.1:1'], away);
    expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('host at http://127.0.0.1:1')]);
    expect((await runCli(['verify'], {})).exitCode).toBe(2);
  });

  describe('with one thing broken on purpose', () => {
    let fake: Server;
    let url: string;
    let well: Answers;
    let answers: Answers;

    beforeAll(async () => {
      well = await answersOf(host.url, database.url);
      answers = structuredClone(well);
      let looks = 0;
      fake = createServer(({ url: path = '', headers }, response) => {
        const { pathname, search } = new URL(path, 'http://fake');
        const isOpen = headers['x-internal-secret'] === SECRET;
        const refuses = pathname === '/health' && answers.refusesEvery > 0 && looks++ % answers.refusesEvery === 0;
        const { status, body } = refuses ? { status: 502, body: '' } : answerOf(answers, pathname, search, isOpen);
        response.writeHead(status, { connection: 'close' }).end(body);
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => fake.once('listening', resolve));
      url = `http://127.0.0.1:${(fake.address() as AddressInfo).port}`;
      await host.close();
      await runSql(database.url, `ALTER TABLE ts_matches DISABLE TRIGGER USER; ${WELL_SQL}`);
    });
    afterAll(() => new Promise<void>((resolve) => fake.close(() => resolve())));

    const openEnv = () => ({ ...env(), LIVESCORE_INTERNAL_SECRET: SECRET });
    const broken = async (change: Partial<Answers>, sql = ''): Promise<Verified> => {
      answers = { ...structuredClone(well), ...change };
      await runSql(database.url, `${RESTORE_SQL} ${sql}`);
      return verified(judgeAll(await readFacts(new URL(url), openEnv(), 900, QUICKLY)));
    };

    it('passes while nothing is', async () => {
      const { criteria } = await broken({});
      expect(criteria.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
      expect((await runCli(['verify', '--url', url], openEnv())).exitCode).toBe(0);
    });

    const of = (health: Json, path: string, value: unknown): Json => {
      const changed = structuredClone(health);
      const keys = path.split('.');
      const last = keys.pop() as string;
      const place = keys.reduce<Json>((object, key) => object[key] as Json, changed);
      place[last] = value;
      return changed;
    };

    it.each<[string, (well: Answers) => Partial<Answers>, readonly string[], RegExp]>([
      [
        '/ready',
        () => ({ ready: { status: 503, body: { db: { error: 'no table ts_matches' } } } }),
        ['ready'],
        /no table ts_matches/,
      ],
      ['every second look', () => ({ refusesEvery: 2 }), ['uptime'], /[1-5] of 8 looks/],
      [
        'the pool',
        () => ({ pool: { active: 2, total: 2, waiting: 7 } }),
        ['pool'],
        /100 % of 2 connections.* 7 statements/,
      ],
      ['updates', ({ health }) => ({ health: of(health, 'accounting.dead', 9) }), ['errors'], /9 dead/],
      [
        'statements',
        () => ({
          metrics: 'livescore_write_errors_total{code="40P01"} 4\nlivescore_write_errors_total{code="none"} 4\n',
        }),
        ['errors'],
        /8 failed statements/,
      ],
      [
        'acknowledgements',
        ({ health }) => ({
          health: of(of(health, 'feed.delivery.unacknowledged', 3), 'feed.delivery.oldest_unacknowledged_s', 130),
        }),
        ['stuck-messages'],
        /3, the oldest for 130 s/,
      ],
      [
        'the watermark',
        ({ health }) => ({ health: of(health, 'feed.watermark_age_s', 125) }),
        ['stuck-feed'],
        /up to 125 s ago/,
      ],
      [
        'the fallback',
        ({ health }) => ({
          health: of(of(health, 'feed.seconds_since_message', 40), 'provider.last_success', '2026-01-01T00:00:00Z'),
        }),
        ['fallback'],
        /silent for 40 s/,
      ],
      [
        'the credentials',
        ({ health }) => ({ health: of(health, 'provider.enabled', false) }),
        ['fallback'],
        /no credentials/,
      ],
      ['the books', ({ health }) => ({ health: of(health, 'accounting.unaccounted', 2) }), ['unaccounted'], /^2 of/],
      [
        'the broadcast',
        ({ latency }) => ({ latency: { ...latency, all: { ...latency.all, p95: 150 } } }),
        ['broadcast'],
        /p95 150 ms/,
      ],
      [
        'the way of goals',
        ({ latency }) => ({ latency: { ...latency, goals: { ...latency.goals, p99: 2_500 } } }),
        ['screen'],
        /p99 2500 ms/,
      ],
    ])('names %s', async (_, change, ids, evidence) => {
      const { failing, criteria } = await broken(change(well));
      expect(failing).toEqual(ids);
      const found = criteria.find(({ verdict }) => verdict === 'fail');
      expect([found?.evidence, found?.action]).toEqual([expect.stringMatching(evidence), expect.stringMatching(/\w/)]);
    });

    it('names a table that somebody holds, and judges the others', async () => {
      await broken({});
      // a limit that only who waits for the table meets, however slow the machine is
      const impatient = Object.assign(new URL(database.url), { search: '?options=-c%20lock_timeout%3D300' }).href;
      const holder = new Client({ connectionString: database.url });
      await holder.connect();
      try {
        await holder.query('BEGIN; LOCK TABLE ts_matches');
        const { exitCode, failing, of } = await verify({ ...openEnv(), DATABASE_URL: impatient }, url);
        expect([failing, exitCode]).toEqual([['database'], 1]);
        expect(of('database')?.evidence).toMatch(/^4 of 9 questions: canceling statement due to lock timeout$/);
        expect(of('null-scores')).toMatchObject({ verdict: 'waiting', evidence: expect.stringContaining('canceling') });
        expect([of('write')?.verdict, of('sync')?.verdict]).toEqual(['pass', 'pass']);
      } finally {
        await holder.end();
      }
    });

    const match = (n: number, set: string) => `UPDATE ts_matches SET ${set} WHERE external_id = 'v${n}';`;
    it.each<[string, string, readonly string[], RegExp]>([
      [
        'slow writes',
        `UPDATE livescore_journal SET received_at = committed_at - interval '1 second';`,
        ['write'],
        /p95 \d{3,4} ms of 27 writes/,
      ],
      [
        'slow settlements',
        `UPDATE livescore_journal SET settled_at = committed_at + interval '5 seconds' WHERE version = 2;`,
        ['settlement'],
        /p95 5000 ms of 3 goals.*v[012] v2/,
      ],
      ['a NULL score', match(7, 'home_score_regular = NULL'), ['null-scores', 'journal'], /1 of 24 live matches: v7/],
      [
        'NULL minutes',
        match(8, 'minute = NULL, status_id_timestamp = 1'),
        ['null-minutes'],
        /1 of \d+ live matches: v8/,
      ],
      ['a minute that stands', match(9, 'minute = 3'), ['minutes'], /v9 \(3, should be 1\d\)/],
      [
        'a row that is not what the journal says',
        match(3, 'away_score_display = 4'),
        ['journal'],
        /v3 \(columns disagree\)/,
      ],
      ['a version that is not in the journal', match(4, 'score_version = 7'), ['journal'], /v4 \(version\)/],
      [
        'a run that failed',
        `UPDATE livescore_sync_status SET verdict = 'failed', error = 'timeout' WHERE entity = 'team';`,
        ['sync'],
        /team failed \(timeout\)/,
      ],
      [
        'a match that stands still',
        `INSERT INTO livescore_stale_match VALUES ('v5', 'silent', now() - interval '5 minutes', now(), now());`,
        ['stuck-matches'],
        /v5 \(silent, 5 min\)/,
      ],
      [
        'a settlement that is open',
        `UPDATE livescore_settlement_match SET version = 1 WHERE match_id = 'v1'; UPDATE livescore_journal SET committed_at = now() - interval '10 minutes', settled_at = now() - interval '10 minutes', received_at = now() - interval '10 minutes' WHERE match_id = 'v1' AND version = 2;`,
        ['stuck-settlements'],
        /v1 \(10 min\)/,
      ],
    ])('names %s', async (_, sql, ids, evidence) => {
      const { failing, criteria } = await broken({}, sql);
      expect(failing).toEqual(ids);
      expect(criteria.find(({ verdict }) => verdict === 'fail')?.evidence).toMatch(evidence);
    });
  });

  itWithTools(
    'passes on a host that goes on where every table was dropped and restored',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'livescore-verify-'));
      const cli = (...argv: string[]) => runCli(argv, { ...env(), USER: 'ada', PATH: process.env.PATH ?? '' });
      const to = join(folder, 'backup');
      const whole = 'ALTER TABLE ts_matches ENABLE TRIGGER USER; DROP TABLE well_matches, well_journal, well_settled';
      await runSql(database.url, `${RESTORE_SQL} ${whole}`);
      expect(await cli('backup', to, '--no-check', '--json')).toMatchObject({ exitCode: 0 });
      const before = await contentsOf(database.url);
      await dropTables(database.url, true);
      expect(await cli('restore', to, '--yes', '--json')).toMatchObject({ exitCode: 0 });
      rmSync(folder, { recursive: true });
      expect((await contentsOf(database.url)).rows.ts_matches).toEqual(before.rows.ts_matches);
      host = await startHost(environment, { logLevels: [] });
      await takesTheFeed(host);
      await playAll(2);
      await eventually(async () => (await asked(`${host.url}/health`)).feed?.state === 'live', {
        what: 'a live feed',
        timeoutMs: 60_000,
      });
      const { failing, of } = await verify(env(), host.url);
      expect(failing.filter((id) => !LATENCIES.includes(id))).toEqual([]);
      for (const id of ['ready', 'database', 'journal', 'errors', 'null-scores', 'unaccounted'])
        expect([id, of(id)?.verdict ?? 'pass']).toEqual([id, 'pass']);
    },
    LONG_MS,
  );
});

function seedSql(kickoffS: number): string {
  return `
    INSERT INTO ts_matches (external_id, status_id, match_time)
      SELECT 'v' || n, 1, ${kickoffS} FROM generate_series(0, ${MATCHES - 1}) n;
    INSERT INTO ai_predictions (match_id, prediction, canonical_bot_name, home_team_name, away_team_name)
      SELECT 'v' || n, 'MS 2.5 ALT', 'bot', 'Home', 'Away' FROM generate_series(0, 2) n;`;
}

/** Kept as it was when all was well. */
const WELL_SQL = `
  UPDATE livescore_journal SET received_at = committed_at - interval '5 milliseconds', settled_at = committed_at + interval '9 milliseconds';
  INSERT INTO livescore_sync_status (entity, verdict) SELECT e, 'complete' FROM unnest(ARRAY['team', 'player', 'coach']) e
    ON CONFLICT (entity) DO UPDATE SET verdict = 'complete';
  UPDATE livescore_sync_status SET verdict = 'complete' WHERE verdict IS NOT NULL;
  UPDATE ts_matches SET status_id_timestamp = status_id_timestamp - 600;
  CREATE TABLE well_matches AS SELECT * FROM ts_matches;
  CREATE TABLE well_journal AS SELECT * FROM livescore_journal;
  CREATE TABLE well_settled AS SELECT * FROM livescore_settlement_match;`;

const RESTORE_SQL = `
  DELETE FROM ts_matches; INSERT INTO ts_matches SELECT * FROM well_matches;
  DELETE FROM livescore_journal; INSERT INTO livescore_journal SELECT * FROM well_journal;
  DELETE FROM livescore_settlement_match; INSERT INTO livescore_settlement_match SELECT * FROM well_settled;
  DELETE FROM livescore_stale_match;
  UPDATE livescore_sync_status SET verdict = 'complete', error = NULL WHERE verdict IS NOT NULL;
  UPDATE ts_matches SET minute = floor((extract(epoch FROM now()) - first_half_kickoff_ts) / 60) + 1;`;

async function asked(url: string, secret = ''): Promise<Json & { feed?: { state?: string } }> {
  const response = await fetch(url, { headers: { 'x-internal-secret': secret } });
  return (await response.json()) as Json;
}

/** What the real host says, an hour after its start, with all features on. */
async function answersOf(url: string, databaseUrl: string): Promise<Answers> {
  const secret = String((await rowsOf(databaseUrl, 'SELECT key FROM livescore_host'))[0]?.key);
  const health = await asked(`${url}/health`);
  const stats = async (query: string) =>
    ((await asked(`${url}/metrics/latency${query}`, secret)).data as Json).stats as Json;
  const quick = { p50: 8, p95: 9, p99: 10, maxLatency: 11 };
  return {
    health: {
      ...health,
      uptime_s: 7_200,
      stale: 0,
      sync: { ...(health.sync as Json), mode: 'on' },
      feed: { ...(health.feed as Json), seconds_since_message: 1, watermark_age_s: 1, live_matches: MATCHES },
    },
    ready: { status: 200, body: { ok: true } },
    pool: { ...(await asked(`${url}/health/pool`, secret)), active: 0, waiting: 0 },
    latency: { all: { ...(await stats('')), ...quick }, goals: { ...(await stats('?eventType=GOAL')), ...quick } },
    metrics: 'livescore_write_errors_total{code="none"} 0\n',
    refusesEvery: 0,
  };
}

function answerOf(answers: Answers, path: string, search: string, isOpen: boolean): { status: number; body: string } {
  const { health, ready, pool, latency, metrics } = answers;
  const json = (body: unknown, status = 200) => ({ status, body: JSON.stringify(body) });
  if (path === '/health') return json({ ...health, timestamp: new Date().toISOString() });
  if (path === '/ready') return json(ready.body, ready.status);
  if (path === '/metrics') return { status: 200, body: metrics };
  if (!isOpen) return json({}, 404);
  if (path === '/health/pool') return json(pool);
  if (path === '/metrics/latency')
    return json({ success: true, data: { stats: search === '' ? latency.all : latency.goals } });
  return json({}, 404);
}
