import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TcpGate } from '../support/tcp-gate.js';
import { OperationsHost, SECRET, SESSION } from './operations-host.js';

guardAgainstLeaks();

/** Far above the two seconds that are aimed at, and printed: this machine may be busy. */
const TOLD_WITHIN_MS = 20_000;

describe('the page while the database is away', () => {
  let database: TestDatabase;
  let gate: TcpGate;
  let host: OperationsHost;

  beforeAll(async () => {
    database = await createTestDatabase();
    await runSql(database.url, `INSERT INTO ts_matches (external_id, status_id) VALUES ('m1', 4)`);
  });
  afterAll(() => database.drop());

  beforeEach(async () => {
    gate = new TcpGate(new URL(database.url));
    await gate.open();
    host = await OperationsHost.start({ databaseUrl: gate.url, secret: SECRET });
    await eventually(async () => (await host.facts()).stored.live.value?.count === 1, { what: 'the live match' });
  });
  afterEach(async () => {
    await host.close();
    await gate.shut();
  });

  const isOk = async (ok: boolean) => (await host.facts()).database.ok === ok;

  it.each([
    ['refuses connections', () => gate.shut()],
    ['is silent', async () => gate.loseAll()],
  ])('says so when it %s, keeps what it knew, and answers all the same', async (_how, cut) => {
    await cut();
    const startedAtMs = performance.now();
    await eventually(() => isOk(false), { what: 'the word about the database', timeoutMs: TOLD_WITHIN_MS });
    console.log(`it was said ${Math.round(performance.now() - startedAtMs)} ms after the database was gone`);
    const facts = await host.facts();
    expect(facts.database).toEqual({ ok: false, error: expect.any(String), sinceMs: expect.any(Number) });
    expect(facts.database.error).not.toContain('127.0.0.1');
    expect(facts.stored.live).toMatchObject({ value: { count: 1 }, asOfMs: expect.any(Number) });
    const error = async () => (await host.facts()).stored.live.error;
    await eventually(error, { what: 'the word about the section', timeoutMs: TOLD_WITHIN_MS });
    const match = JSON.parse((await host.ask('/match/m1', { headers: SESSION })).text);
    expect(match).toMatchObject({ row: null, error: expect.any(String), explanation: { matchId: 'm1' } });
  });

  it('goes on by itself when it is back, and says since when', async () => {
    await gate.shut();
    await eventually(() => isOk(false), { what: 'the word about the database' });
    const { nowMs: awayAtMs } = await host.facts();
    await gate.open();
    await eventually(() => isOk(true), { what: 'the database to be back', timeoutMs: TOLD_WITHIN_MS });
    expect((await host.facts()).database).toEqual({ ok: true, error: null, sinceMs: expect.any(Number) });
    const isReadAgain = async () => {
      const { live } = (await host.facts()).stored;
      return live.error === null && (live.asOfMs ?? 0) > awayAtMs;
    };
    await eventually(isReadAgain, { what: 'the section to be read again', timeoutMs: TOLD_WITHIN_MS });
  });

  it('refuses to change anything, with 503', async () => {
    await gate.shut();
    await eventually(() => isOk(false), { what: 'the word about the database' });
    for (const [name, body] of [
      ['end-match?preview', { matchId: 'm1' }],
      ['redrive?preview', { all: true }],
      ['settlement?preview', { matchId: 'm1', says: null }],
    ] as const) {
      const refused = await host.post(name, body);
      expect([name, refused.status, refused.body.code]).toEqual([name, 503, 'LIVESCORE_DATABASE']);
    }
  });
});
