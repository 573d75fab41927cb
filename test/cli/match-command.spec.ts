import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import { run } from '../../src/cli/run.js';
import { PgStaleMatches } from '../../src/sync/adapters/pg/pg-stale-matches.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { DirectPathOnPostgres } from '../support/direct-path-on-postgres.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch, startExampleHost, takesTheFeed } from '../support/example-host.js';
import { slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { runCli } from '../support/run-cli.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

describe('livescore match end', () => {
  let rows: PgScoreRows;
  let path: DirectPathOnPostgres;
  let next = 0;
  let m: string;

  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  afterAll(() => rows.close());

  beforeEach(async () => {
    m = `m${next++}`;
    await setMode('off');
    await rows.insert(m);
    path = await DirectPathOnPostgres.on(rows);
  });
  afterEach(() => path.stop());

  const setMode = (mode: string) =>
    rows.sql.query(`UPDATE livescore_setting SET value = $1 WHERE name = 'foreign_writer_mode'`, [mode]);
  const cli = (...argv: string[]) => runCli(['match', ...argv], { DATABASE_URL: rows.url, USER: 'ada' });
  const end = (...argv: string[]) => cli('end', m, '--reason', 'stuck at 90+', '--yes', ...argv);
  const secondHalf = () =>
    path.tell(m, { atS: T + 3_600, status: 4, home: slots(2, { ht: 1 }), away: slots(1), kickoffS: T + 3_600 });
  const rounds = async () => {
    for (let n = 0; n < 8; n++) await path.round();
  };

  it.each(['off', 'observe', 'protect'])(
    'ends a match in play, in one version with its journal row, with the trigger %s',
    async (mode) => {
      await setMode(mode);
      await path.watch.poll();
      await secondHalf();
      const before = await rows.row(m);
      const { exitCode, stdout } = await end('--json');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        matchId: m,
        by: 'ada',
        reason: 'stuck at 90+',
        before: { status: 4, home: 2, away: 1, minute: 46, version: 1 },
        after: { status: 8, home: 2, away: 1, minute: 46, version: 2 },
      });
      const after = await rows.row(m);
      expect(after).toMatchObject({
        status_id: 8,
        status_id_source: 'admin',
        ended: true,
        last_update_source: 'admin',
      });
      const kept = ['home_scores', 'home_score_display', 'home_score_source', 'minute', 'second_half_kickoff_ts'];
      for (const column of [...kept, 'provider_update_time', 'score_seen_at']) {
        expect([column, after[column]]).toEqual([column, before[column]]);
      }
      const { rows: journal } = await rows.sql.query(
        'SELECT version::int, source, before, after FROM livescore_journal WHERE match_id = $1 ORDER BY version',
        [m],
      );
      expect(journal.at(-1)).toMatchObject({
        version: 2,
        source: 'admin',
        before: { status: 4, home: [2, 1, 0, 0, 0, 0, 0] },
        after: { status: 8, home: [2, 1, 0, 0, 0, 0, 0], authority: true, by: 'ada', reason: 'stuck at 90+' },
      });
    },
  );

  it.each(['off', 'observe', 'protect'])(
    'stands: the host tells it once and never undoes it, with the trigger %s',
    async (mode) => {
      await setMode(mode);
      await path.watch.poll();
      await secondHalf();
      path.commits.length = 0;
      await end();
      await rounds();
      expect(path.told(m)).toEqual(['state-changed', 'full-time']);
      expect(path.commits).toHaveLength(1);
      expect(path.peek(m)).toMatchObject({ status: 8, statusSource: 'admin', version: 2, torn: false });
      await path.tell(m, { atS: T + 9_000, status: 4, home: slots(3), away: slots(1), kickoffS: T + 3_600 });
      expect(await rows.row(m)).toMatchObject({ status_id: 8, home_score_display: 2, score_version: '2' });
    },
  );

  it('is told once of a match that the host does not follow', async () => {
    await rows.change(m, { status: 4, home: slots(1), away: slots(0), minute: 95 });
    path.clock.set(Date.now());
    await rounds();
    path.commits.length = 0;
    await end();
    await rounds();
    expect(path.told(m)).toEqual(['state-changed', 'full-time']);
    expect(await rows.row(m)).toMatchObject({ status_id: 8, home_score_display: 1 });
  });

  it.each([
    [1, 'not started, 0-0'],
    [8, 'ended, 0-0'],
    [12, 'cancelled, 0-0'],
  ] as const)('refuses a match of status %i and says that it is %s', async (status, what) => {
    await rows.change(m, { status });
    const { exitCode, stderr } = await end();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`match ${m} is not being played (${what}): only a match in play can be ended`);
    expect(await rows.row(m)).toMatchObject({ status_id: status, score_version: '0' });
  });

  it('asks for the name of the database, and writes nothing when the match changed meanwhile', async () => {
    await secondHalf();
    const asking = async (reply: (question: string) => Promise<string>) => {
      const err: string[] = [];
      const output = { stdout: () => {}, stderr: (text: string) => err.push(text), ask: reply };
      const argv = ['match', 'end', m, '--reason', 'stuck'];
      return { exitCode: await run(argv, { DATABASE_URL: rows.url, USER: 'ada' }, output), stderr: err.join('\n') };
    };
    const refused = await asking(async () => 'no');
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('that is not its name')]);
    expect(refused.stderr).toContain(`This ends match ${m}: second half, 2-1, minute 46.`);
    const overtaken = await asking(async (question) => {
      await path.tell(m, { atS: T + 3_700, status: 4, home: slots(3, { ht: 1 }), away: slots(1), kickoffS: T + 3_600 });
      return question.split(' ')[1] as string;
    });
    expect(overtaken.exitCode).toBe(2);
    expect(overtaken.stderr).toMatch(/has changed meanwhile \(second half, 2-1.*, now second half, 3-1/);
    expect(await rows.row(m)).toMatchObject({ status_id: 4, score_version: '2' });
  });

  it('waits for whoever holds the row for a moment', async () => {
    await secondHalf();
    const { rows: clock } = await rows.sql.query('SELECT clock_timestamp() AS at');
    const unlock = await rows.lock(m);
    const ended = end();
    await eventually(
      async () => {
        const { rowCount } = await rows.sql.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_start > $1 AND state = 'idle'
             AND query LIKE '%m.external_id, m.score_version%'`,
          [clock[0]?.at],
        );
        return rowCount === 1;
      },
      { what: 'the command to have looked again' },
    );
    await unlock();
    expect((await ended).exitCode).toBe(0);
    expect(await rows.row(m)).toMatchObject({ status_id: 8 });
  });

  it.each([
    [['end'], 'say which match'],
    [['end', 'a', 'b', '--reason', 'x'], 'say which match'],
    [['end', 'a'], 'say why with --reason TEXT'],
    [['end', 'a', '--reason', ' '], '--reason must not be blank'],
    [['end', 'a', '--reason', 'x', '--all'], '--all does not belong to end'],
    [['stale', 'a'], 'stale takes no match'],
    [['stale', '--yes'], '--yes does not belong to stale'],
    [[], 'say end or stale'],
  ])('%j: %s', async (argv, message) => {
    const { exitCode, stderr } = await cli(...argv);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('says that there is no such match', async () => {
    const { exitCode, stderr } = await cli('end', 'nobody', '--reason', 'x', '--yes');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('there is no match nobody')]);
  });

  describe('livescore match stale', () => {
    it('lists what stands still with reason and age, and what was only asked about with --all', async () => {
      await secondHalf();
      await rows.insert('moving');
      const sinceMs = Date.now() - 20 * 60_000;
      const marks = [
        { matchId: m, reason: 'silent', sinceMs, askedAtMs: sinceMs, staleAtMs: sinceMs + 60_000 },
        { matchId: 'moving', reason: 'null-minute', sinceMs, askedAtMs: sinceMs, staleAtMs: null },
      ];
      expect((await cli('stale')).stdout).toBe('no match stands still');
      await rows.change('moving', { status: 2 });
      await new PgStaleMatches(rows.connection).save(marks, [], Math.floor(Date.now() / 1000), null);
      const { stdout, exitCode } = await cli('stale');
      const [headings, ...lines] = stdout.split('\n');
      expect(exitCode).toBe(0);
      expect(headings).toMatch(/^match +status +score +reason +since +age +asked +stale$/);
      expect(lines).toEqual([expect.stringMatching(new RegExp(`^${m} +second half +2-1 +silent .* 20 min `))]);
      const { matches } = JSON.parse((await cli('stale', '--all', '--json')).stdout) as {
        matches: readonly Record<string, unknown>[];
      };
      expect(matches).toEqual([
        expect.objectContaining({ matchId: m, status: 4, score: '2-1', reason: 'silent', ageS: expect.any(Number) }),
        expect.objectContaining({ matchId: 'moving', status: 2, reason: 'null-minute', staleAt: null }),
      ]);
    });
  });
});

describe('livescore match end, beside a running host', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let publisher: MqttClient;
  let screen: WsTestClient;

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    host = await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await takesTheFeed(host);
    screen = await WsTestClient.connect(`${host.url.replace('http', 'ws')}/ws`);
  });
  afterAll(async () => {
    await screen.close();
    await publisher.endAsync();
    await host.close();
    await broker.stop();
    await database.drop();
  });

  const kickoffS = Math.floor(Date.now() / 1000) - 600;
  const publish = (id: string, status: number, home: number) =>
    publisher.publishAsync(
      PROVIDER_TOPIC,
      JSON.stringify([id, status, [home, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 2, 0, 0], kickoffS]),
    );
  const frames = (id: string, type: string) =>
    screen.frames.filter((frame) => frame.matchId === id && frame.type === type);
  const row = async (id: string) =>
    (
      await rowsOf(
        database.url,
        `SELECT status_id, home_score_display AS home FROM ts_matches WHERE external_id = $1`,
        [id],
      )
    )[0];
  const decisions = async (id: string) => {
    const { stdout } = await runCli(['explain', id, '--json', '--url', host.url], { DATABASE_URL: database.url });
    return (JSON.parse(stdout) as { decisions: readonly { outcome: string; reason: string }[] }).decisions;
  };

  it('tells the clients, is not undone, and a later live frame is refused while extra time may open it again', async () => {
    await seedMatch(database.url, 'stuck');
    await publish('stuck', 2, 1);
    await eventually(() => frames('stuck', 'MATCH_STATE_CHANGE').length === 1, { what: 'the kick-off' });
    const env = { DATABASE_URL: database.url, USER: 'ada' };
    const { exitCode } = await runCli(['match', 'end', 'stuck', '--reason', 'abandoned by the feed', '--yes'], env);
    const endedAtS = Math.floor(Date.now() / 1000);
    expect(exitCode).toBe(0);
    await eventually(() => frames('stuck', 'MATCH_STATE_CHANGE').length === 2, { what: 'clients to hear of the end' });
    expect(frames('stuck', 'MATCH_STATE_CHANGE').at(-1)).toMatchObject({ statusId: 8 });

    await publish('stuck', 2, 2);
    await eventually(async () => (await decisions('stuck')).at(-1)?.reason === 'match-ended', { what: 'the refusal' });
    expect(await row('stuck')).toEqual({ status_id: 8, home: 1 });
    expect(frames('stuck', 'MATCH_STATE_CHANGE')).toHaveLength(2);

    // in the second of the end the operator's word is the stronger one
    await eventually(() => Date.now() >= (endedAtS + 1) * 1000, { what: 'the next second' });
    await publish('stuck', 5, 1);
    await eventually(async () => (await row('stuck'))?.status_id === 5, { what: 'extra time inside the window' });
  });

  it('is an end that predictions are settled by', async () => {
    await seedMatch(database.url, 'predicted');
    await runSql(
      database.url,
      `INSERT INTO ai_predictions (match_id, prediction, canonical_bot_name, home_team_name, away_team_name)
       VALUES ('predicted', 'MS 2.5 ALT', 'bot', 'Home', 'Away')`,
    );
    await publish('predicted', 4, 1);
    await eventually(() => frames('predicted', 'MATCH_STATE_CHANGE').length === 1, { what: 'the second half' });
    const env = { DATABASE_URL: database.url, USER: 'ada' };
    await runCli(['match', 'end', 'predicted', '--reason', 'stuck', '--yes'], env);
    await eventually(() => frames('predicted', 'PREDICTION_SETTLED').length === 1, { what: 'the verdict' });
    expect(frames('predicted', 'PREDICTION_SETTLED')[0]).toMatchObject({ result: 'won', finalScore: '1-0' });
  });
});
