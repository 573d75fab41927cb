import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeLease } from '../../test/support/fake-lease.js';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import { InMemoryScoreStore } from '../testing/index.js';

guardAgainstLeaks();

let store: InMemoryScoreStore;
let under: WriterUnderTest;
let lease: FakeLease;

beforeEach(async () => {
  store = new InMemoryScoreStore();
  store.insert('m');
  lease = new FakeLease();
  under = await WriterUnderTest.on(store, {}, { lease });
  lease.take(1);
});
afterEach(() => under.stop());

async function tell(atS: number, home: number): Promise<void> {
  under.tell('m', { atS, status: 2, home: slots(home), kickoffS: T });
  await under.settled();
}

/** The database that took over lacks the newest commits, rows and journal alike. */
function loseCommits(count: number): void {
  const [first] = store.journal.splice(-count);
  if (first) store.change('m', { version: first.version - 1, home: first.before.home, away: first.before.away });
}

describe('a database that lost its newest commits', () => {
  it.each([
    ['while the lease is kept', false],
    ['and the lease is taken again', true],
  ])('makes nobody hear a goal twice, %s', async (_how, isTakenAgain) => {
    await tell(T, 0);
    await tell(T + 60, 1);
    await tell(T + 120, 2);
    loseCommits(2);
    if (isTakenAgain) {
      lease.lose();
      lease.take(2);
    } else {
      await under.drift.round();
      await under.settled();
    }
    await tell(T + 121, 2);
    expect(store.row('m')).toMatchObject({ home: slots(2) });
    expect(under.count('m', 'goal')).toBe(2);
    await tell(T + 180, 3);
    expect(under.count('m', 'goal')).toBe(3);
    await tell(T + 190, 2);
    expect(under.count('m', 'goal-cancelled')).toBe(1);
  });

  it('does not hide a goal that another process told, and took back, meanwhile', async () => {
    await tell(T, 0);
    await tell(T + 60, 1);
    lease.lose();
    store.change('m', { version: 9, home: slots(0) });
    const entry = { matchId: 'm', epoch: 0, version: 9, source: 'mqtt', catchUp: false, committedAtMs: 0 } as const;
    const row = store.row('m');
    if (row) store.journal.push({ ...entry, before: row, after: row });
    lease.take(2);
    await tell(T + 120, 1);
    expect(under.count('m', 'goal')).toBe(2);
  });
});
