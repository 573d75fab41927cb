import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import { InMemoryScoreStore } from '../testing/index.js';

guardAgainstLeaks();

let store: InMemoryScoreStore;
let under: WriterUnderTest;

beforeEach(async () => {
  store = new InMemoryScoreStore();
  store.insert('m');
  under = await WriterUnderTest.on(store);
});
afterEach(() => under.stop());

const live = (atS: number, home = 0, away = 0) => ({
  atS,
  status: 2 as const,
  home: slots(home),
  away: slots(away),
  kickoffS: T,
});

/** A match under way, its row known to the writer. */
async function kickOff(...ids: string[]): Promise<void> {
  for (const id of ids) {
    if (!store.row(id)) store.insert(id);
    under.tell(id, live(T));
  }
  await under.settled();
  under.told.clear();
  under.commits.length = 0;
  store.batches.length = 0;
}

const rowScore = (id = 'm') => `${store.row(id)?.shown.home}-${store.row(id)?.shown.away}`;
const versions = (id = 'm') => store.journal.filter(({ matchId }) => matchId === id).map(({ version }) => version);

describe('one frame', () => {
  it('is written, published and answered, in this order', async () => {
    const update = under.tell('m', live(T + 1, 1));
    expect(under.fateOf(update)).toEqual([]);
    await under.settled();
    expect(store.row('m')).toMatchObject({ version: 1, status: 2, home: slots(1), statusSource: 'mqtt' });
    expect(under.commits).toHaveLength(1);
    expect(under.commits[0]).toMatchObject({ matchId: 'm', version: 1, epoch: 0, source: 'mqtt', catchUp: false });
    expect(under.fateOf(update)).toEqual(['applied/changed']);
    expect(under.count('m', 'goal')).toBe(1);
  });

  it('is sent to the database before submit returns when nothing else is', async () => {
    await kickOff('m');
    under.tell('m', live(T + 60, 1));
    expect(store.batches).toEqual([['m']]);
    await under.settled();
  });

  it('of a match whose last goal came by a pulled answer says so', async () => {
    under.tell('m', { ...live(T + 60, 1), pulledAfterS: 1 });
    await under.settled();
    expect(under.commits[0]).toMatchObject({ catchUp: true, source: 'api' });
  });
});

describe('the same frame again', () => {
  it.each([0, 0.4, 10])('%d s later has no effect', async (gap) => {
    await kickOff('m', 'other');
    under.tell('m', live(T + 60, 1));
    under.tell('other', live(T + 60, 1));
    await under.settled();
    under.tell('m', live(T + 60 + gap, 1));
    await under.settled();
    expect(under.fates).toEqual(['applied/changed', 'applied/changed', 'duplicate/nothing-differs']);
    expect([versions(), under.count('m', 'goal')]).toEqual([[1, 2], 1]);
  });

  it('while the first is on its way to the database has none either', async () => {
    await kickOff('m');
    const release = store.hold('write');
    under.tell('m', live(T + 60, 1));
    under.tell('m', live(T + 61, 1));
    under.tell('m', live(T + 62, 1));
    release();
    await under.settled();
    expect(under.fates).toEqual(['applied/changed', 'duplicate/nothing-differs', 'duplicate/nothing-differs']);
    expect([versions(), under.count('m', 'goal'), under.state('m').seenAtMs]).toEqual([[1, 2], 1, (T + 62) * 1000]);
  });

  it('before the row is loaded has none either', async () => {
    const release = store.hold('load');
    under.tell('m', live(T + 60, 1));
    under.tell('m', live(T + 61, 1));
    release();
    await under.settled();
    expect(under.fates).toEqual(['applied/changed', 'duplicate/nothing-differs']);
    expect([versions(), under.commits.length]).toEqual([[1], 1]);
  });
});

describe('order', () => {
  it('goal and correction 5 ms apart end as told, also when the first write is slow', async () => {
    await kickOff('m');
    const release = store.hold('write');
    under.tell('m', live(T + 60, 1));
    under.tell('m', live(T + 60.005, 0));
    release();
    await under.settled();
    expect(rowScore()).toBe('0-0');
    expect([under.count('m', 'goal'), under.count('m', 'goal-cancelled')]).toEqual([1, 1]);
    expect(under.commits.map(({ version }) => version)).toEqual([2, 3]);
  });

  it('frames folded while a write is in flight go with one statement: one goal event per goal', async () => {
    await kickOff('m');
    const release = store.hold('write');
    under.tell('m', live(T + 60, 1));
    for (const [n, [home, away]] of [
      [1, 1],
      [2, 1],
      [2, 2],
    ].entries())
      under.tell('m', live(T + 70 + n, home, away));
    release();
    await under.settled();
    expect(under.fates).toEqual([
      'applied/changed',
      'superseded/newer-before-write',
      'superseded/newer-before-write',
      'applied/changed',
    ]);
    expect(store.batches).toEqual([['m'], ['m']]);
    expect([rowScore(), under.count('m', 'goal'), versions()]).toEqual(['2-2', 4, [1, 2, 3]]);
    const shown = under.events('m').flatMap((e) => (e.type === 'goal' ? [`${e.homeScore}-${e.awayScore}`] : []));
    expect(shown).toEqual(['1-0', '2-0', '2-1', '2-2']);
  });

  it('a goal cancelled and scored again inside one fold is told once', async () => {
    await kickOff('m');
    const release = store.hold('write');
    under.tell('m', live(T + 60, 1));
    under.tell('m', live(T + 61, 0));
    under.tell('m', live(T + 62, 1, 1));
    release();
    await under.settled();
    expect([rowScore(), under.count('m', 'goal'), under.count('m', 'goal-cancelled')]).toEqual(['1-1', 2, 0]);
  });

  it('changes of many matches that collect meanwhile go in one statement, at most a batch', async () => {
    await under.stop();
    under = await WriterUnderTest.on(store, { batchSize: 3 });
    const ids = ['c', 'a', 'e', 'b', 'd'];
    await kickOff('m', ...ids);
    const release = store.hold('write');
    under.tell('m', live(T + 60, 1));
    for (const id of ids) under.tell(id, live(T + 61, 1));
    release();
    await under.settled();
    expect(store.batches).toEqual([['m'], ['a', 'c', 'e'], ['b', 'd']]);
  });

  it('of 300 matches with one locked row only that one is late', async () => {
    const ids = Array.from({ length: 300 }, (_, n) => `m${n}`);
    await kickOff(...ids);
    const unlock = store.lock('m7');
    for (const [n, id] of ids.entries()) under.tell(id, live(T + 60 + n / 1000, 1));
    await eventually(() => under.commits.length === 299, { what: 'all but the locked one' });
    expect(rowScore('m7')).toBe('0-0');
    under.tell('m7', live(T + 70, 2));
    under.tell('m1', live(T + 70, 2));
    await eventually(() => rowScore('m1') === '2-0', { what: 'the others go on' });
    unlock();
    await under.settled();
    expect([rowScore('m7'), under.count('m7', 'goal'), versions('m7')]).toEqual(['2-0', 2, [1, 2]]);
    expect(new Set(under.fates)).toEqual(new Set(['applied/changed', 'superseded/newer-before-write']));
  });
});

describe('a match without a row', () => {
  it('is told as unknown, its newest frame is applied once when the row appears', async () => {
    under.tell('late', live(T + 10, 1));
    await under.settled();
    under.tell('late', live(T + 20, 2));
    await under.settled();
    expect(under.fates).toEqual(['parked/no-row', 'parked/no-row']);
    store.insert('late');
    await under.drift.round();
    await eventually(() => store.row('late')?.version === 1, { what: 'the parked frame' });
    await under.settled();
    expect([rowScore('late'), under.count('late', 'goal')]).toEqual(['2-0', 2]);
    await under.drift.round();
    expect(versions('late')).toEqual([1]);
    expect(under.fates).toEqual(['parked/no-row', 'parked/no-row']);
  });

  it('a frame that finds the row after all is judged after the parked one', async () => {
    under.tell('late', live(T + 10, 1));
    await under.settled();
    store.insert('late');
    under.tell('late', live(T + 20, 1, 1));
    await under.settled();
    expect([rowScore('late'), under.count('late', 'goal')]).toEqual(['1-1', 2]);
    expect(under.fates).toEqual(['parked/no-row', 'applied/changed']);
  });

  it('a frame that comes while the drift check asks for the row is written once', async () => {
    under.tell('late', live(T + 10, 1));
    await under.settled();
    store.insert('late');
    const release = store.hold('load');
    await under.drift.round();
    under.tell('late', live(T + 20, 2));
    release();
    await under.settled();
    expect([rowScore('late'), versions('late')]).toEqual(['2-0', [1]]);
  });

  it('a row that disappears under way parks the match until it is back', async () => {
    await kickOff('m');
    store.remove('m');
    under.tell('m', live(T + 60, 1));
    await under.settled();
    expect(under.fates).toEqual(['parked/no-row']);
    store.insert('m');
    under.tell('m', live(T + 61, 1));
    await under.settled();
    expect([rowScore(), under.count('m', 'goal')]).toEqual(['1-0', 1]);
  });

  it('more frames than the inbox holds: the oldest give way, nothing else', async () => {
    const release = store.hold('load');
    for (let n = 0; n < 100; n++) under.tell('m', live(T + n, n));
    expect(under.fates.filter((fate) => fate === 'superseded/newer-before-write')).toHaveLength(0);
    release();
    await under.settled();
    // one commit tells five goals at most
    expect([rowScore(), under.count('m', 'goal'), versions()]).toEqual(['99-0', 5, [1]]);
    expect(under.fates.at(-1)).toBe('applied/changed');
  });

  it('and nothing but incidents holds no memory', async () => {
    const update = { ...under.tell('m', live(T)), matchId: 'talk', score: undefined, incidents: [] };
    await under.settled();
    under.writer.submit([update as never]);
    under.clock.advance(7 * 3_600_000);
    under.mailboxes.sweep();
    expect([...under.mailboxes.all()]).toEqual([]);
  });
});

describe('another writer', () => {
  it('a missed compare-and-set loads the row and judges again', async () => {
    await kickOff('m');
    store.change('m', { version: 5, away: slots(1) });
    under.tell('m', live(T + 60, 1, 1));
    await under.settled();
    expect(store.row('m')).toMatchObject({ version: 6, home: slots(1), away: slots(1) });
    expect(under.fates).toEqual(['applied/changed']);
  });

  it('a frame that the other wrote already is a duplicate, and no goal of ours', async () => {
    await kickOff('m');
    const other = await WriterUnderTest.on(store);
    other.tell('m', live(T + 60, 1));
    await other.settled();
    under.tell('m', live(T + 60, 1));
    await under.settled();
    expect(under.fates).toEqual(['duplicate/nothing-differs']);
    expect([under.count('m', 'goal'), other.count('m', 'goal'), versions()]).toEqual([0, 1, [1, 2]]);
    await other.stop();
  });

  it('a later frame written by the other overtakes ours', async () => {
    await kickOff('m');
    const other = await WriterUnderTest.on(store);
    other.tell('m', live(T + 70, 2));
    await other.settled();
    under.tell('m', live(T + 60, 1));
    await under.settled();
    expect([under.fates, rowScore()]).toEqual([['stale/overtaken'], '2-0']);
    await other.stop();
  });

  it('what the other wrote is told to our clients: score and state, no goal', async () => {
    await kickOff('m');
    const other = await WriterUnderTest.on(store);
    other.tell('m', live(T + 70, 2));
    await other.settled();
    under.tell('m', live(T + 60, 1));
    await under.settled();
    expect(under.events('m')).toEqual([{ type: 'score-changed', homeScore: 2, awayScore: 0 }]);
    await other.stop();
  });

  it('a version that fell starts a new epoch', async () => {
    await kickOff('m');
    under.tell('m', live(T + 60, 1));
    await under.settled();
    store.change('m', { version: 0, home: slots(0) });
    under.tell('m', live(T + 61, 2));
    await under.settled();
    expect(store.journal.map(({ epoch, version }) => [epoch, version])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
    ]);
    expect([rowScore(), under.commits.at(-1)?.epoch]).toEqual(['2-0', 1]);
  });
});
