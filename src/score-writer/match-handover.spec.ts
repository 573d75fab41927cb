import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FakeLease } from '../../test/support/fake-lease.js';
import { type Report, slots, KICKOFF_S as T } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { type Neighbours, WriterUnderTest } from '../../test/support/writer-under-test.js';
import { InMemoryScoreStore } from '../testing/index.js';

guardAgainstLeaks();

const live = (minute: number, home = 0): Report => ({
  atS: T + minute * 60,
  status: 2,
  home: slots(home),
  away: slots(0),
  kickoffS: T,
});

describe('a match that is given away', () => {
  let store: InMemoryScoreStore;
  let under: WriterUnderTest;

  beforeEach(async () => {
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => {});
    }
    await start({});
  });
  afterEach(async () => {
    await under.stop();
    jest.restoreAllMocks();
  });

  async function start(neighbours: Neighbours): Promise<void> {
    store = new InMemoryScoreStore();
    for (const id of ['m', 'n']) store.insert(id);
    under = await WriterUnderTest.on(store, {}, neighbours);
    for (const id of ['m', 'n']) under.tell(id, live(0));
    await under.settled();
    under.told.clear();
  }

  const held = () => [...under.states.held()].sort();

  it('is forgotten at once when nothing is unwritten', async () => {
    expect([held(), under.states.peek('m')?.status]).toEqual([['m', 'n'], 2]);
    const released = under.states.release('m', 1_000);
    expect([held(), under.states.peek('m')]).toEqual([['n'], null]);
    expect(await released).toBe(true);
    expect(await under.states.release('never-heard-of', 1_000)).toBe(true);
  });

  it('is written first, with whoever waits for the commit, and loaded again when it comes back', async () => {
    const answer = store.hold('write');
    under.tell('m', live(1, 1));
    under.tell('m', live(2, 2));
    under.tell('m', live(2, 2));
    const released = under.states.release('m', 10_000);
    expect(under.fates).toEqual(['-', '-', '-']);
    answer();
    expect(await released).toBe(true);
    expect(under.fates).toEqual(['applied/changed', 'applied/changed', 'duplicate/nothing-differs']);
    expect([store.row('m')?.shown.home, held()]).toEqual([2, ['n']]);
    store.change('m', { home: slots(5) });
    const loads = store.statements.load;
    under.tell('m', live(10, 6));
    await under.settled();
    expect([store.statements.load, store.row('m')?.shown.home]).toEqual([loads + 1, 6]);
  });

  it('is written first also when its row is still being loaded', async () => {
    store.insert('new');
    const answer = store.hold('load');
    under.tell('new', live(1, 1));
    const released = under.states.release('new', 10_000);
    answer();
    expect([await released, under.fates, store.row('new')?.shown.home]).toEqual([true, ['applied/changed'], 1]);
  });

  it('is dropped when its time is up: what waited is left unwritten, and said to be', async () => {
    const unlock = store.lock('m');
    under.tell('m', live(1, 1));
    expect(await under.states.release('m', 30)).toBe(false);
    // an attempt may be under way at that moment
    await under.settled();
    expect([under.fates, held(), under.mailboxes.busyCount()]).toEqual([['dead/left-unwritten'], ['n'], 0]);
    unlock();
    under.tell('n', live(1, 1));
    await under.settled();
    expect([store.row('m')?.shown.home, store.row('n')?.shown.home]).toEqual([0, 1]);
    expect(under.accounting.balance()).toMatchObject({ inFlight: 0, unaccounted: 0 });
  });

  it('keeps its place in the books while a statement is unanswered, and tells the truth about it', async () => {
    const answer = store.hold('write');
    under.tell('m', live(1, 1));
    under.tell('m', live(2, 2));
    expect(await under.states.release('m', 20)).toBe(false);
    expect(under.fates).toEqual(['-', 'dead/left-unwritten']);
    expect(under.accounting.balance()).toMatchObject({ inFlight: 1, unaccounted: 0 });
    answer();
    await under.settled();
    expect(under.fates).toEqual(['applied/changed', 'dead/left-unwritten']);
    expect([store.row('m')?.shown.home, held()]).toEqual([1, ['n']]);
  });

  it('is not looked at by the drift check any more', async () => {
    await under.states.release('m', 1_000);
    store.change('m', { home: slots(7) });
    const before = { ...store.statements };
    await under.drift.round();
    expect([store.statements.load, under.commits.filter(({ source }) => source === 'foreign')]).toEqual([
      before.load,
      [],
    ]);
    await under.states.release('n', 1_000);
    await under.drift.round();
    expect(store.statements.findChanged).toBe(before.findChanged + 1);
  });

  it('is given away by all who ask', async () => {
    const answer = store.hold('write');
    under.tell('m', live(1, 1));
    const all = [under.states.release('m', 10_000), under.states.release('m', 10_000)];
    answer();
    expect(await Promise.all(all)).toEqual([true, true]);
  });

  it('that was lost with the lease is not said to be written', async () => {
    await under.stop();
    const lease = new FakeLease(1);
    await start({ lease });
    const answer = store.hold('write');
    under.tell('m', live(1, 1));
    const released = under.states.release('m', 10_000);
    lease.lose();
    expect(await released).toBe(false);
    answer();
    await under.settled();
  });
});
