import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import { InMemoryScoreStore } from '../testing/index.js';

const IDS = Array.from({ length: 30 }, (_, n) => `m${String(n).padStart(2, '0')}`);
const SICK = 'm07';

const live = (atS: number, home: number) => ({
  atS,
  status: 2 as const,
  home: slots(home),
  away: slots(0),
  kickoffS: T,
});

describe('a row that fails whenever it is written', () => {
  let store: InMemoryScoreStore;
  let time: VirtualTime;
  let under: WriterUnderTest;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    store = new InMemoryScoreStore();
    time = new VirtualTime();
    under = await WriterUnderTest.on(store, {}, { scheduler: new VirtualScheduler(time, () => 0.5) });
    for (const id of IDS) store.insert(id);
    for (const id of IDS) under.tell(id, live(T, 0));
    await pass(1_000);
    expect(IDS.every((id) => store.row(id)?.version === 1)).toBe(true);
  });

  afterEach(async () => {
    const stopped = under.stop();
    await pass(10_000);
    await stopped;
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  /** Virtual time, with the answers of the store between its steps. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      await time.advance(10);
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const score = (id: string) => store.row(id)?.home[0];

  it.each(['42883', '42P01', 'XX000', '57014'])(
    'with %s stops no other: they are written within a second',
    async (code) => {
      store.poison(SICK, code);
      for (const id of IDS) under.tell(id, live(T + 60, 1));
      await pass(1_000);
      expect(IDS.filter((id) => score(id) !== 1)).toEqual([SICK]);
      expect(under.writer.healthy).toBe(true);
      for (let goals = 2; goals <= 4; goals++) {
        const statements = store.statements.write;
        for (const id of IDS) under.tell(id, live(T + 60 * goals, goals));
        await pass(100);
        expect(IDS.filter((id) => score(id) !== goals)).toEqual([SICK]);
        expect(store.statements.write - statements).toBeLessThan(5);
      }
      store.cure(SICK);
      await pass(31_000);
      expect(score(SICK)).toBe(4);
      under.tell(SICK, live(T + 600, 5));
      await pass(100);
      expect([score(SICK), under.accounting.balance().unaccounted]).toEqual([5, 0]);
    },
  );

  it('does not hold the others up while it hangs', async () => {
    store.poison(SICK, '57014');
    for (const id of IDS) under.tell(id, live(T + 60, 1));
    await pass(900);
    const writeApart = store.writeApart.bind(store);
    let isHanging = false;
    store.writeApart = async (...statement) => {
      isHanging = true;
      await new Promise<void>((resolve) => void time.after(10_000, resolve));
      isHanging = false;
      return writeApart(...statement);
    };
    await pass(1_500);
    expect(isHanging).toBe(true);
    for (const id of IDS) under.tell(id, live(T + 120, 2));
    await pass(50);
    expect([isHanging, IDS.filter((id) => score(id) !== 2)]).toEqual([true, [SICK]]);
  });

  it('is the database when every row fails: nothing is apart, and all are written together on its return', async () => {
    for (const id of IDS) store.poison(id, '42P01');
    for (const id of IDS) under.tell(id, live(T + 60, 1));
    await pass(20_000);
    expect(under.writer.healthy).toBe(false);
    expect(store.statements.write).toBeLessThan(20_000 / 375 + 6 * IDS.length);
    for (const id of IDS) store.cure(id);
    const batches = store.batches.length;
    await pass(1_000);
    expect(IDS.filter((id) => score(id) !== 1)).toEqual([]);
    expect(store.batches.slice(batches).length).toBeLessThanOrEqual(IDS.length);
    expect(under.writer.healthy).toBe(true);
  });

  it('is not tried alone where the connection broke', async () => {
    store.fail('write', { code: '57P01' });
    for (const id of IDS) under.tell(id, live(T + 60, 1));
    await pass(3_000);
    store.heal('write');
    expect(store.batches.slice(-3).every((batch) => batch.length === IDS.length)).toBe(true);
    await pass(1_000);
    expect(IDS.filter((id) => score(id) !== 1)).toEqual([]);
  });
});
