import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { eventually } from '../../test/support/eventually.js';
import { type Report, slots, KICKOFF_S as T, toUpdate } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import type { CarriedFacts } from '../domain/match-update.js';
import { InMemoryScoreStore } from '../testing/index.js';

guardAgainstLeaks();

const SECOND = T + 62 * 60;
const firstHalf = (atS: number, home = 0): Report => ({ atS, status: 2, home: slots(home), kickoffS: T });
const secondHalf = (atS: number, home = 0): Report => ({ atS, status: 4, home: slots(home), kickoffS: SECOND });

let store: InMemoryScoreStore;
let under: WriterUnderTest;

beforeEach(async () => {
  jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  store = new InMemoryScoreStore();
  under = await WriterUnderTest.on(store);
});
afterEach(async () => {
  expect(under.accounting.balance().unaccounted).toBe(0);
  await under.stop();
  jest.restoreAllMocks();
});

/** What the guard was told with the update judged last that shows this many home goals in this status. */
function carriedBy(status: number, home: number): CarriedFacts | undefined {
  const judged = under.recent.of('m').filter(({ update: { score } }) => {
    return score?.status === status && score.home[0] === home;
  });
  return judged.at(-1)?.update.carried;
}

/** The row of a match that was parked appears. */
async function rowAppears(): Promise<void> {
  store.insert('m');
  await under.drift.round();
  await eventually(() => store.row('m')?.status === 4, { what: 'the parked update in the row' });
  await under.settled();
}

describe('an update that takes the place of an older one carries on what only that one knew', () => {
  it('when more wait for the row than the inbox holds', async () => {
    store.insert('m');
    const answer = store.hold('load');
    under.tell('m', { ...firstHalf(T + 60, 3), providerTimeS: T + 50 });
    for (let n = 1; n <= 16; n++) under.tell('m', secondHalf(SECOND + n, 1));
    answer();
    await under.settled();
    const [first] = under.recent.of('m');
    expect(first?.update.carried).toMatchObject({
      kickoffs: { firstHalfS: T },
      reached: 2,
      peak: { home: slots(3) },
      providerTimeS: T + 50,
    });
    expect(under.fates).not.toContain('-');
  });

  it('through many overflows of the inbox', async () => {
    store.insert('m');
    const answer = store.hold('load');
    under.tell('m', firstHalf(T + 60));
    under.tell('m', { ...firstHalf(T + 45 * 60), status: 3, kickoffS: undefined });
    for (let n = 1; n <= 40; n++) under.tell('m', secondHalf(SECOND + n));
    answer();
    await under.settled();
    expect(under.recent.of('m')[0]?.update.carried).toMatchObject({
      kickoffs: { firstHalfS: T, secondHalfS: SECOND },
      reached: 4,
    });
  });

  it('when the match has no row: 2, 4, then the row', async () => {
    under.tell('m', firstHalf(T + 60));
    await under.settled();
    under.tell('m', secondHalf(SECOND + 60, 1));
    await under.settled();
    await rowAppears();
    expect(carriedBy(4, 1)).toMatchObject({ kickoffs: { firstHalfS: T }, reached: 2 });
  });

  it('when the match has no row and the last word of the feed is a jump: it waits for the row all the same', async () => {
    under.tell('m', secondHalf(SECOND + 60));
    await under.settled();
    const last = under.tell('m', secondHalf(SECOND + 70, 5));
    await under.settled();
    expect(under.fateOf(last)).toEqual(['parked/no-row']);
    await rowAppears();
    expect(store.row('m')?.home[0]).toBe(5);
  });

  it('when the older one is a letter that is judged after the newer one', async () => {
    store.insert('m');
    under.tell('m', secondHalf(SECOND + 60, 1));
    await under.settled();
    const letter = { ...toUpdate(firstHalf(T + 60)), matchId: 'm' };
    under.submit(letter, { awaitsCommit: true, waited: true, concluded: () => {} });
    await under.settled();
    expect(store.row('m')).toMatchObject({
      status: 4,
      home: slots(1),
      kickoffs: { firstHalfS: T, secondHalfS: SECOND },
    });
    expect(under.count('m', 'goal')).toBe(1);
  });

  it('when the older one comes late, as a letter sent again does', async () => {
    under.tell('m', secondHalf(SECOND + 60, 1));
    await under.settled();
    under.tell('m', firstHalf(T + 60));
    await under.settled();
    await rowAppears();
    expect(carriedBy(4, 1)).toMatchObject({ kickoffs: { firstHalfS: T }, reached: 2 });
  });

  it('when somebody else wrote the row between two frames that were folded', async () => {
    store.insert('m');
    under.tell('m', { atS: T - 60, status: 1 });
    await under.settled();
    store.fail('write', { code: 'ECONNREFUSED' });
    under.tell('m', firstHalf(T + 60));
    await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
    under.tell('m', secondHalf(SECOND + 60, 1));
    store.change('m', { version: 7, status: 4 });
    store.heal('write');
    await under.settled();
    expect(carriedBy(4, 1)).toMatchObject({ kickoffs: { firstHalfS: T }, reached: 4 });
  });

  it('when the change in flight gives way to another row, and is refused there', async () => {
    store.insert('m');
    under.tell('m', { atS: T - 60, status: 1 });
    await under.settled();
    store.change('m', { version: 7, status: 4, kickoffs: { firstHalfS: null, secondHalfS: SECOND, overtimeS: null } });
    const answer = store.hold('write');
    under.tell('m', firstHalf(T + 60));
    under.tell('m', secondHalf(SECOND + 60, 1));
    answer();
    await under.settled();
    expect(under.fates.slice(1)).toEqual(['superseded/newer-before-write', 'applied/changed']);
    expect(store.row('m')?.kickoffs).toMatchObject({ firstHalfS: T, secondHalfS: SECOND });
  });

  it('and what is told is told of the update as it was submitted', async () => {
    under.tell('m', firstHalf(T + 60));
    under.tell('m', secondHalf(SECOND + 60, 1));
    await under.settled();
    await rowAppears();
    expect(under.fates).toEqual(['parked/no-row', 'parked/no-row']);
    expect([...under.told.keys()].every((update) => update.carried === undefined)).toBe(true);
  });
});

describe('an update that took nobody’s place', () => {
  it('carries nothing', async () => {
    store.insert('m');
    under.tell('m', firstHalf(T + 60));
    await under.settled();
    under.tell('m', secondHalf(SECOND + 60, 1));
    await under.settled();
    expect(under.recent.of('m').map(({ update }) => update.carried)).toEqual([undefined, undefined]);
  });
});
