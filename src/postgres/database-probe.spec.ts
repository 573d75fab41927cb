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

  it('asks at most once a second, however many want to know', async () => {
    expect(await Promise.all([probe.ready(), probe.ready(), probe.ready()])).toEqual([
      { db: { ok: true } },
      { db: { ok: true } },
      { db: { ok: true } },
    ]);
    await time.advance(999);
    await probe.ready();
    expect(database.asked).toBe(1);
    await time.advance(1);
    await probe.ready();
    expect(database.asked).toBe(2);
  });

  it('tells the code of a failure, and recovers by itself', async () => {
    database.failure = { code: 'ECONNREFUSED', address: '192.0.2.1' };
    expect(await probe.ready()).toEqual({ db: { ok: false, error: 'failed: ECONNREFUSED' } });
    database.failure = null;
    await time.advance(1_000);
    expect(await probe.ready()).toEqual({ db: { ok: true } });
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
    expect(time.waiting).toBe(0);
    error.mockRestore();
  });

  it('waits a second at most, and asks nothing else while the question hangs', async () => {
    let answered: () => void = () => undefined;
    database.answer = new Promise((resolve) => {
      answered = resolve;
    });
    for (let round = 0; round < 3; round++) {
      const check = probe.ready();
      await time.advance(1_000);
      expect(await check).toEqual({ db: { ok: false, error: 'no answer within 1000 ms' } });
    }
    expect(database.asked).toBe(1);
    answered();
    await time.advance(0);
    expect(await probe.ready()).toEqual({ db: { ok: true } });
    expect(time.waiting).toBe(0);
  });
});
