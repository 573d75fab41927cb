import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { type DeadLetter, DeadLetterSink } from '../../src/contracts/dead-letter-sink.js';
import type { DeadLettersOptions } from '../../src/index.js';
import { letterOf, parkedLetter } from '../contracts/dead-letter-store.contract.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgDeadLetters } from '../support/pg-dead-letters.js';
import { TcpGate } from '../support/tcp-gate.js';
import { startDeadLettersApp } from './dead-letters-app.js';

guardAgainstLeaks();

const score = (goals: number) => [goals, 0, 0, 0, 0, 0, 0];
const frame = (matchId: string, home = 1) =>
  Buffer.from(JSON.stringify([matchId, 2, score(home), score(0), Math.floor(Date.now() / 1000) - 600]));
const parked = (matchId: string, agoMs = 1_000, home = 1): DeadLetter =>
  parkedLetter(matchId, { payload: frame(matchId, home), receivedAtMs: Date.now() - agoMs });

describe('dead letters on PostgreSQL', () => {
  let table: PgDeadLetters;
  const apps: TestingModule[] = [];

  beforeAll(async () => {
    table = await PgDeadLetters.open();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await table.clear();
  });
  afterAll(() => table.close());

  const start = async (options?: DeadLettersOptions, url = table.url) => {
    const app = await startDeadLettersApp(url, options);
    apps.push(app);
    return app.get(DeadLetterSink, { strict: false });
  };
  const matches = async () => (await table.letters()).map(({ matchId }) => matchId);
  const homeGoals = async (matchId: string) => {
    const { rows } = await table.sql.query('SELECT home_score_display AS g FROM ts_matches WHERE external_id = $1', [
      matchId,
    ]);
    return rows[0]?.g;
  };
  const bury = (sink: DeadLetterSink, letter: DeadLetter) => new Promise<void>((resolve) => sink.bury(letter, resolve));

  it('keep within their bounds under a flood', async () => {
    const sink = await start({ maxRowsPerReason: 50 });
    const flood = Array.from({ length: 500 }, (_, n) => bury(sink, letterOf({ receivedAtMs: 1_000 + n })));
    await Promise.all([...flood, bury(sink, parkedLetter('m1'))]);
    const kept = async () => (await table.letters()).filter(({ reason }) => reason === 'malformed');
    await eventually(async () => (await kept()).length <= 50, { what: 'the oldest to give way' });
    expect((await kept()).at(-1)?.receivedAtMs).toBe(1_499);
    expect(await matches()).toContain('m1');
  });

  it('keep the newest of each match, and are resolved', async () => {
    const sink = await start();
    await bury(sink, parkedLetter('m1', { receivedAtMs: 2_000 }));
    await bury(sink, parkedLetter('m1', { receivedAtMs: 1_000 }));
    await bury(sink, parkedLetter('m2'));
    expect((await table.letters()).map(({ receivedAtMs }) => receivedAtMs)[0]).toBe(2_000);
    sink.resolve('m1');
    await eventually(async () => (await matches()).length === 1, { what: 'the letter to go' });
    expect(await matches()).toEqual(['m2']);
  });

  it('wait for the database, and nobody is told before the commit', async () => {
    const gate = new TcpGate(new URL(table.url));
    await gate.open();
    const sink = await start({}, gate.url);
    await bury(sink, letterOf());
    await gate.shut();
    let told = 0;
    for (let n = 0; n < 300; n++) sink.bury(letterOf({ receivedAtMs: n }), () => told++);
    sink.resolve('m1');
    expect(told).toBe(0);
    await gate.open();
    await eventually(() => told === 300, { what: 'the letters to be buried' });
    expect((await table.letters()).length).toBeGreaterThanOrEqual(301);
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await gate.shut();
  });

  it('are stored at shutdown', async () => {
    const sink = await start();
    for (let n = 0; n < 250; n++) sink.bury(letterOf({ receivedAtMs: n }));
    await Promise.all(apps.splice(0).map((app) => app.close()));
    expect(await table.letters()).toHaveLength(250);
  });

  it('are brought to their rows at the start, where there is a row', async () => {
    await table.insertMatch('known');
    await table.store.insert([parked('known'), parked('unknown'), parked('old', 25 * 3_600_000)]);
    await start();
    await eventually(async () => (await matches()).length === 2, { what: 'the parked update to reach its row' });
    expect(await matches()).toEqual(['unknown', 'old']);
    expect(await homeGoals('known')).toBe(1);
  });

  it('bring the kick-off of the first half to a row that appeared in the second, while no process was there', async () => {
    const nowS = Math.floor(Date.now() / 1000);
    const [firstS, secondS] = [nowS - 5_000, nowS - 1_000];
    const said = (status: number, atS: number): DeadLetter =>
      parkedLetter('m1', {
        detail: `status ${status}`,
        payload: Buffer.from(JSON.stringify(['m1', status, score(0), score(1), atS])),
        receivedAtMs: (atS + 60) * 1_000,
      });
    const sink = await start();
    for (const letter of [said(2, firstS), said(4, secondS)]) await bury(sink, letter);
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await table.insertMatch('m1');
    await start();
    await eventually(async () => (await matches()).length === 0, { what: 'the letters to reach their row' });
    const { rows } = await table.sql.query(
      'SELECT status_id, first_half_kickoff_ts, second_half_kickoff_ts FROM ts_matches',
    );
    expect(rows.map((row) => Object.values(row).map(Number))).toEqual([[4, firstS, secondS]]);
  });

  it('are brought to their rows when these appear', async () => {
    await table.store.insert([parked('late')]);
    await start();
    await eventually(async () => (await table.letters()).length === 1, { what: 'the letter to stay' });
    await table.insertMatch('late');
    await eventually(async () => (await table.letters()).length === 0, { what: 'the replay', timeoutMs: 20_000 });
    expect(await homeGoals('late')).toBe(1);
  });

  it('are tried again once, whichever of two hosts is faster', async () => {
    for (const id of ['a', 'b', 'c']) await table.insertMatch(id);
    const letters = ['a', 'b', 'c'].map((matchId) => ({ ...parked(matchId), reason: 'cannot-be-written' as const }));
    await table.store.insert([...letters, letterOf(), letterOf()]);
    await Promise.all([start(), start()]);
    await table.mark((await table.letters()).map(({ id }) => id));
    await eventually(async () => (await table.letters()).length === 2, { what: 'the letters to be settled' });
    const kept = () => table.letters();
    await eventually(async () => (await kept()).every(({ detail }) => detail === 'message:not-json'), {
      what: 'the others to be told of',
    });
    expect((await kept()).map(({ redrives }) => redrives)).toEqual([1, 1]);
    const { rows } = await table.sql.query('SELECT match_id FROM livescore_journal ORDER BY match_id');
    expect(rows.map(({ match_id }) => match_id)).toEqual(['a', 'b', 'c']);
  });

  it('do not take a score back when they are tried again', async () => {
    await table.insertMatch('m1');
    await table.store.insert([{ ...parked('m1', 1_000, 2), reason: 'cannot-be-written' }]);
    await start();
    await table.mark((await table.letters()).map(({ id }) => id));
    await eventually(async () => (await homeGoals('m1')) === 2, { what: 'the newer score' });
    await table.store.insert([{ ...parked('m1', 60_000, 1), reason: 'cannot-be-written' }]);
    await table.mark((await table.letters()).map(({ id }) => id));
    await eventually(async () => (await table.letters()).length === 0, { what: 'the older letter to be settled' });
    expect(await homeGoals('m1')).toBe(2);
  });
});
