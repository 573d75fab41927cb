import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf } from '../support/example-host.js';
import { slots } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';
import { NameGuard, OperationsHost, SECRET, SESSION } from './operations-host.js';

guardAgainstLeaks();

const WORD = { by: 'ada', reason: 'to see' };

describe.each(['express', 'fastify'] as const)('what operators change on the page (%s)', (platform) => {
  let database: TestDatabase;
  let host: OperationsHost;

  beforeAll(async () => {
    database = await createTestDatabase();
    const more = { withRollout: true, settlement: { mode: 'off' }, sync: { mode: 'off' } } as const;
    host = await OperationsHost.start({ databaseUrl: database.url, platform, secret: SECRET, guard: NameGuard, more });
  });
  afterAll(async () => {
    await host.close();
    await database.drop();
  });

  const sql = (text: string, values: readonly unknown[] = []) => rowsOf(database.url, text, values);
  const cli = (...argv: string[]) => runCli(argv, { DATABASE_URL: database.url, USER: 'grace' });
  const insertMatch = (id: string, status: number) => {
    const [home, away] = [JSON.stringify(slots(2)), JSON.stringify(slots(1))];
    return runSql(
      database.url,
      `INSERT INTO ts_matches (external_id, status_id, home_scores, away_scores, home_score_display, away_score_display,
         home_score_regular, away_score_regular)
       VALUES ('${id}', ${status}, '${home}', '${away}', 2, 1, 2, 1)`,
    );
  };

  describe('is refused', () => {
    const body = { stage: 'legacy', ...WORD };

    it.each([
      ['without a token', { 'x-livescore-token': null }, 403, 'LIVESCORE_NO_TOKEN'],
      ['with a wrong token', { 'x-livescore-token': 'a'.repeat(43) }, 403, 'LIVESCORE_NO_TOKEN'],
      ['from another origin', { origin: 'http://evil.example' }, 403, 'LIVESCORE_OTHER_ORIGIN'],
      [
        'from another site by the word of the browser',
        { 'sec-fetch-site': 'cross-site' },
        403,
        'LIVESCORE_OTHER_ORIGIN',
      ],
      ['without an origin', { origin: null }, 403, 'LIVESCORE_OTHER_ORIGIN'],
      ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }, 400, 'LIVESCORE_NO_JSON'],
    ])('%s', async (_what, headers, status, code) => {
      for (const name of ['stage?preview', 'stage']) {
        const refused = await host.post(name, body, headers);
        expect(refused).toMatchObject({ status, body: { statusCode: status, code } });
      }
      expect(await sql('SELECT FROM livescore_rollout')).toEqual([]);
    });

    it('with the token of another user', async () => {
      const { token } = await host.facts({ 'x-name': 'ada' });
      const refused = await host.post('stage', body, { 'x-name': 'grace', 'x-livescore-token': token });
      expect(refused).toMatchObject({ status: 403, body: { code: 'LIVESCORE_NO_TOKEN' } });
    });

    it('without a cookie of its own, as from a page elsewhere that has read a token', async () => {
      const { token } = await host.facts();
      const refused = await host.stranger.ask('/actions/stage', {
        method: 'POST',
        headers: { ...SESSION, 'content-type': 'application/json', origin: host.url, 'x-livescore-token': token },
        body: JSON.stringify(body),
      });
      expect([refused.status, JSON.parse(refused.text).code]).toEqual([403, 'LIVESCORE_NO_TOKEN']);
    });

    it.each([
      ['stage', { stage: 'sideways', ...WORD }],
      ['stage', { stage: 'canary', percent: 101, ...WORD }],
      ['stage', { stage: 'canary', percnt: 1, ...WORD }],
      [
        'stage',
        {
          stage: 'canary',
          stepPlan: [
            { percent: 10, soakS: 1 },
            { percent: 5, soakS: 1 },
          ],
          ...WORD,
        },
      ],
      ['stage', { stage: 'shadow', allowMatches: 'm1', ...WORD }],
      ['stage', { stage: 'shadow', reason: ' ', by: 'ada' }],
      ['stage', { stage: 'shadow', reason: 'why' }],
      ['pin', { matchId: 'x'.repeat(256), route: 'direct', ...WORD }],
      ['pin', { matchId: 'm1', route: 'sideways', ...WORD }],
      ['redrive', WORD],
      ['redrive', { id: '1', all: true, ...WORD }],
      ['redrive', { id: '1; DROP TABLE', ...WORD }],
      ['sync', { entity: 'team', kind: 'now', ...WORD }],
      ['settlement', { matchId: 'm1', says: 'lost', ...WORD }],
      ['end-match', { matchId: '', ...WORD }],
      ['end-match', { matchId: 'a\u0000b', ...WORD }],
    ])('with a field that cannot be: %s %j', async (name, fields) => {
      const refused = await host.post(name, { ...fields, expected: 'x' });
      expect(refused).toMatchObject({ status: 400, body: { code: 'LIVESCORE_INVALID_FIELD' } });
    });

    it('when it is longer than 8 KB, or no action of this host', async () => {
      const long = await host.post('stage', { stage: 'legacy', by: 'ada', reason: 'x'.repeat(9_000) });
      expect(long).toMatchObject({ status: 413, body: { code: 'LIVESCORE_TOO_LONG' } });
      expect(await host.post('purge', {})).toMatchObject({ status: 404, body: { code: 'LIVESCORE_NO_ACTION' } });
    });

    it('when nobody looked at what it does', async () => {
      const refused = await host.post('stage', { stage: 'shadow', ...WORD });
      expect(refused).toMatchObject({ status: 409, body: { code: 'LIVESCORE_NOT_AGREED' } });
      expect(await sql('SELECT FROM livescore_rollout')).toEqual([]);
    });
  });

  it('is the stage, in the same history as that of the command', async () => {
    const { preview, done } = await host.act('stage', { stage: 'canary', percent: 5, ...WORD });
    expect(preview.body).toMatchObject({
      isPreview: true,
      isDestructive: true,
      summary: 'The stage goes from legacy to canary 5 %.',
    });
    expect(done).toMatchObject({ status: 200, body: { isPreview: false, by: 'ada', reason: 'to see' } });
    await cli('stage', 'set', 'canary', '--percent', '10', '--reason', 'by hand');
    const history = JSON.parse((await cli('stage', 'history', '--json')).stdout);
    expect(history).toMatchObject([
      { stage: 'canary', percent: 10, changedBy: 'grace', reason: 'by hand' },
      { stage: 'canary', percent: 5, changedBy: 'ada', reason: 'to see', allowMatches: [], latched: false },
    ]);
    const shown = async () => (await host.facts()).stored.rollout?.value?.history.map(({ changedBy }) => changedBy);
    await eventually(async () => (await shown())?.length === 2, { what: 'both in the history that the page shows' });
    expect(await shown()).toEqual(['grace', 'ada']);
  });

  it('is not done when the stage was changed since the preview', async () => {
    const asked = { stage: 'direct', ...WORD };
    const { body } = await host.post('stage?preview', asked);
    await cli('stage', 'set', 'shadow', '--reason', 'quicker');
    const refused = await host.post('stage', { ...asked, expected: body.expected });
    expect(refused).toMatchObject({ status: 409, body: { code: 'LIVESCORE_CHANGED' } });
    const other = await host.post('stage?preview', { stage: 'legacy', ...WORD });
    expect(await host.post('stage', { ...asked, expected: other.body.expected })).toMatchObject({ status: 409 });
    expect(JSON.parse((await cli('stage', 'get', '--json')).stdout)).toMatchObject({ stage: 'shadow' });
  });

  it('is not a stage while the rollout is latched, until somebody says that it was looked into', async () => {
    await runSql(
      database.url,
      `INSERT INTO livescore_rollout (stage, latched, changed_by, reason) VALUES ('legacy', true, 'rollback', 'too slow')`,
    );
    const latched = await host.post('stage?preview', { stage: 'shadow', ...WORD });
    expect(latched).toMatchObject({
      status: 409,
      body: { code: 'LIVESCORE_ROLLOUT_LATCHED', message: expect.stringContaining('too slow') },
    });
    const { done } = await host.act('stage', { stage: 'shadow', resetLatch: true, ...WORD });
    expect(done.status).toBe(200);
    expect(JSON.parse((await cli('stage', 'get', '--json')).stdout)).toMatchObject({ stage: 'shadow', latched: false });
  });

  it('is a pin, and its end', async () => {
    await insertMatch('p1', 1);
    expect((await host.post('pin?preview', { matchId: 'nobody', route: 'direct', ...WORD })).status).toBe(404);
    expect((await host.act('pin', { matchId: 'p1', route: 'direct', ...WORD })).done.status).toBe(200);
    expect(await sql('SELECT match_id, route, pinned_by, reason FROM livescore_pin')).toEqual([
      { match_id: 'p1', route: 'direct', pinned_by: 'ada', reason: 'to see' },
    ]);
    expect((await host.act('pin', { matchId: 'p1', route: null, ...WORD })).done.status).toBe(200);
    expect(await sql('SELECT FROM livescore_pin')).toEqual([]);
    expect((await host.post('pin?preview', { matchId: 'p1', route: null, ...WORD })).status).toBe(404);
  });

  it('is another attempt of dead letters, and one is shown with its message', async () => {
    const [row] = await sql(
      `INSERT INTO livescore_dead_letter (reason, detail, match_id, topic, payload, received_at, redrive_at)
       VALUES ('cannot-be-written', 'no', 'd1', 'a/b', '\\x7b223c623e223a317d', now(), NULL) RETURNING id::text AS id`,
    );
    const id = String(row?.id);
    const list = JSON.parse(
      (await host.ask('/dead-letters?reason=cannot-be-written&match=d1', { headers: SESSION })).text,
    );
    expect(list.letters).toMatchObject([
      { id, reason: 'cannot-be-written', matchId: 'd1', bytes: 9, isWaiting: false },
    ]);
    const letter = JSON.parse((await host.ask(`/dead-letters/${id}`, { headers: SESSION })).text);
    expect(letter).toMatchObject({ id, topic: 'a/b', text: '{"<b>":1}', isTextWhole: true });
    const { preview, done } = await host.act('redrive', { id, ...WORD });
    expect(preview.body.lines[0]).toBe('cannot-be-written: 1 letter, 9 bytes');
    expect(done).toMatchObject({ status: 200, body: { summary: '1 letter marked.' } });
    expect((await host.post('redrive?preview', { id: '999999', ...WORD })).status).toBe(404);
  });

  it('is a run of the sync, as the command asks for it', async () => {
    await runSql(database.url, `INSERT INTO livescore_sync_status (entity) VALUES ('teams') ON CONFLICT DO NOTHING`);
    const { done } = await host.act('sync', { entity: 'teams', kind: 'full', acceptsDeletions: true, ...WORD });
    expect(done.status).toBe(200);
    expect(await sql(`SELECT wanted, wanted_by FROM livescore_sync_status WHERE entity = 'teams'`)).toEqual([
      { wanted: 'full', wanted_by: 'ada' },
    ]);
    expect(
      await sql(`SELECT value, changed_by, reason FROM livescore_setting WHERE name = 'sync.teams.accept_deletions'`),
    ).toEqual([{ value: 'true', changed_by: 'ada', reason: 'to see' }]);
    expect((await host.post('sync?preview', { entity: 'nobody', kind: 'full', ...WORD })).status).toBe(404);
  });

  it('is no run of the sync when somebody else has asked for one since the preview', async () => {
    await runSql(database.url, `INSERT INTO livescore_sync_status (entity) VALUES ('venues') ON CONFLICT DO NOTHING`);
    const asked = { entity: 'venues', kind: 'full', ...WORD };
    const { body } = await host.post('sync?preview', asked);
    await cli('sync', 'run', 'venues', '--no-wait');
    const refused = await host.post('sync', { ...asked, expected: body.expected });
    expect(refused).toMatchObject({ status: 409, body: { code: 'LIVESCORE_CHANGED' } });
    expect(await sql(`SELECT wanted_by FROM livescore_sync_status WHERE entity = 'venues'`)).toEqual([
      { wanted_by: 'grace' },
    ]);
  });

  it('is what an operator says of the settlement of a match', async () => {
    await runSql(
      database.url,
      `INSERT INTO livescore_settlement_match (match_id, step, epoch, version, path, predictions, mode)
       VALUES ('s1', 3, 0, 7, '{}', 1, 'on')`,
    );
    const { preview, done } = await host.act('settlement', { matchId: 's1', says: 'void', ...WORD });
    expect(preview.body).toMatchObject({
      isDestructive: true,
      lines: ['0 predictions, settled up to version 0.7.', expect.any(String)],
    });
    expect(done.status).toBe(200);
    const [row] = await sql(`SELECT step, words FROM livescore_settlement_match WHERE match_id = 's1'`);
    expect(row).toMatchObject({
      step: 4,
      words: [{ says: 'void', by: 'ada', reason: 'to see', atMs: expect.any(Number) }],
    });
    expect((await host.post('settlement?preview', { matchId: 'nobody', says: null, ...WORD })).status).toBe(404);
  });

  it('is the end of a match, in the journal with who and why; not when the match has changed', async () => {
    await insertMatch('e1', 4);
    await insertMatch('e2', 8);
    const asked = { matchId: 'e1', ...WORD };
    const { body } = await host.post('end-match?preview', asked);
    expect(body).toMatchObject({ isDestructive: true, summary: 'This ends match e1: second half, 2-1.' });
    await runSql(database.url, `UPDATE ts_matches SET home_score_display = 3 WHERE external_id = 'e1'`);
    expect((await host.post('end-match', { ...asked, expected: body.expected })).status).toBe(409);
    // who judges what others write may change the row once more, after the preview
    const isDone = async () => (await host.act('end-match', asked)).done.status === 200;
    await eventually(isDone, { what: 'the end of the match' });
    expect(await sql(`SELECT status_id, status_id_source FROM ts_matches WHERE external_id = 'e1'`)).toEqual([
      { status_id: 8, status_id_source: 'admin' },
    ]);
    const journal = await sql(
      `SELECT source, after->>'by' AS by, after->>'reason' AS reason FROM livescore_journal WHERE match_id = 'e1'`,
    );
    expect(journal).toContainEqual({ source: 'admin', by: 'ada', reason: 'to see' });
    expect((await host.post('end-match?preview', { matchId: 'e2', ...WORD })).body.code).toBe('LIVESCORE_NOT_IN_PLAY');
  });

  it('is noted under the name that the guard of the host knows, whatever the page says', async () => {
    await insertMatch('n1', 1);
    const asked = { matchId: 'n1', route: 'direct', by: 'somebody else', reason: 'why' };
    const headers = { 'x-name': 'grace@example.org' };
    const { body } = await host.post('pin?preview', asked, headers);
    const done = await host.post('pin', { ...asked, expected: body.expected }, headers);
    expect(done).toMatchObject({ status: 200, body: { by: 'grace@example.org' } });
    expect(await sql(`SELECT pinned_by FROM livescore_pin WHERE match_id = 'n1'`)).toEqual([
      { pinned_by: 'grace@example.org' },
    ]);
  });
});
