import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { type Answer, Database } from './database.js';
import { DatabaseProbe } from './database-probe.js';

class FakeDatabase extends Database {
  asked = 0;
  failure: object | null = null;
  answer: Promise<void> = Promise.resolve();

  override async query<Row>(): Promise<readonly Row[]> {
    this.asked++;
    await this.answer;
    if (this.failure) throw this.failure;
    return [];
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
