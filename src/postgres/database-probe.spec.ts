import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { type Answer, Database } from './database.js';
import { DatabaseProbe } from './database-probe.js';

class FakeDatabase extends Database {
  asked = 0;
  failure: object | null = null;
  answer: Promise<void> = Promise.resolve();
  lacks = { tables: [] as string[], columns: [] as string[], rights: [] as string[], policies: [] as string[] };

  override async query<Row>(): Promise<readonly Row[]> {
    this.asked++;
    await this.answer;
    if (this.failure) throw this.failure;
    return [this.lacks as Row];
  }

  override connections() {
    return { active: 2, total: 3, waiting: 1 };
  }

  override async queryOnDedicatedConnection<Row>(): Promise<Answer<Row>> {
    return { rows: [], count: 0 };
  }
}

describe('DatabaseProbe', () => {
  let time: VirtualTime;
  let database: FakeDatabase;
  let probe: DatabaseProbe;
  beforeEach(() => {
    time = new VirtualTime();
    database = new FakeDatabase();
    probe = new DatabaseProbe(new VirtualScheduler(time), database);
  });

  const told = async (): Promise<object> => (await probe.ready()).db ?? {};

  it('asks once a second in the background, however many want to know and whether anybody does', async () => {
    probe.onApplicationBootstrap();
    expect(await Promise.all([told(), told(), told()])).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(database.asked).toBe(1);
    for (let n = 0; n < 10; n++) await told();
    expect(database.asked).toBe(1);
    await time.advance(5_000);
    expect(database.asked).toBe(6);
    probe.onModuleDestroy();
  });

  it('asks when somebody wants to know before the application has started', async () => {
    expect(await Promise.all([told(), told()])).toEqual([{ ok: true }, { ok: true }]);
    expect(database.asked).toBe(1);
    await told();
    expect(database.asked).toBe(2);
    expect(time.waiting).toBe(0);
  });

  it('tells the last answer and asks nothing while the application ends', async () => {
    probe.onApplicationBootstrap();
    await told();
    probe.onModuleDestroy();
    database.answer = new Promise(() => undefined);
    expect(await told()).toEqual({ ok: true });
    expect(database.asked).toBe(1);
    expect(time.waiting).toBe(0);
  });

  it('tells the code of a failure within two seconds, and recovers by itself', async () => {
    probe.onApplicationBootstrap();
    await told();
    database.failure = { code: 'ECONNREFUSED', address: '192.0.2.1' };
    await time.advance(1_000);
    expect(await told()).toEqual({ ok: false, error: 'failed: ECONNREFUSED' });
    database.failure = null;
    await time.advance(1_000);
    expect(await told()).toEqual({ ok: true });
    probe.onModuleDestroy();
  });

  it.each([
    [{ tables: ['"p".ts_matches', 'livescore_lease'] }, /^no table "p".ts_matches, livescore_lease: .*postgres.schema/],
    [{ tables: ['a', 'b', 'c', 'd', 'e'] }, /^no table a, b, c and 2 more: run `livescore migrate`$/],
    [{ columns: ['ts_matches.score_version'] }, /^no column ts_matches.score_version: run `livescore migrate`$/],
    [{ rights: ['UPDATE on ts_matches'] }, /^no right to UPDATE on ts_matches: grant it to the role$/],
  ])('tells what the database lacks and what to do: %j', async (lacks, error) => {
    Object.assign(database.lacks, lacks);
    expect(await probe.ready()).toEqual({ db: { ok: false, error: expect.stringMatching(error) } });
  });

  it('tells it in one error line when nobody asks, after the time a host may need for its migrations', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    database.failure = { code: '28P01' };
    probe.onApplicationBootstrap();
    await time.advance(4_999);
    expect(error).not.toHaveBeenCalled();
    await time.advance(60_000);
    expect(error.mock.calls).toEqual([
      [expect.any(String), { error: 'failed: 28P01, wrong password: correct it in the address of the database' }],
    ]);
    probe.onApplicationBootstrap();
    probe.onModuleDestroy();
    await time.advance(0);
    expect(time.waiting).toBe(0);
    error.mockRestore();
  });

  it('says that no answer comes two seconds after the last one at most, at once, and asks nothing else meanwhile', async () => {
    probe.onApplicationBootstrap();
    await told();
    let answered: () => void = () => undefined;
    database.answer = new Promise((resolve) => {
      answered = resolve;
    });
    await time.advance(2_000);
    for (let n = 0; n < 5; n++) {
      expect(await told()).toEqual({ ok: false, error: 'no answer within 1000 ms' });
      await time.advance(1_000);
    }
    expect(database.asked).toBe(2);
    answered();
    await time.advance(0);
    expect(await told()).toEqual({ ok: true });
    probe.onModuleDestroy();
    expect(time.waiting).toBe(0);
  });

  it('lets nobody wait longer than a second for the first answer', async () => {
    database.answer = new Promise(() => undefined);
    probe.onApplicationBootstrap();
    const first = told();
    await time.advance(1_000);
    expect(await first).toEqual({ ok: false, error: 'no answer within 1000 ms' });
    probe.onModuleDestroy();
  });

  it('tells how the connections are used', () => {
    expect(probe.internal()).toEqual({ pool: { active: 2, total: 3, waiting: 1 } });
  });
});
