import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import { type Report, slots, KICKOFF_S as T } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import type { MatchState } from '../domain/match-state.js';
import { InMemoryScoreStore } from '../testing/index.js';

guardAgainstLeaks();

const SECOND = T + 62 * 60;

let store: InMemoryScoreStore;
let under: WriterUnderTest;

beforeEach(async () => {
  store = new InMemoryScoreStore();
  store.insert('m');
  under = await WriterUnderTest.on(store);
  await tell({ atS: T, status: 2, kickoffS: T });
  await tell({ atS: SECOND, status: 4, kickoffS: SECOND });
  await tell({ atS: SECOND + 60, status: 4, home: slots(2), away: slots(1), kickoffS: SECOND });
  under.commits.length = 0;
});
afterEach(() => under.stop());

async function tell(report: Report): Promise<void> {
  under.tell('m', report);
  await under.settled();
}

/** Somebody else's plain UPDATE, and one round of the check 20 s later. */
async function foreign(changes: Partial<MatchState>): Promise<void> {
  store.change('m', changes);
  under.clock.set((SECOND + 80) * 1000);
  await under.drift.round();
  await under.settled();
}

const row = () => store.row('m') as MatchState;
const types = () => under.events('m').map(({ type }) => type);

describe('a foreign write', () => {
  it('of an older score is told as SCORE_CHANGE and repaired in the same round, without any goal', async () => {
    await foreign({ home: slots(0), away: slots(0) });
    expect(row()).toMatchObject({ home: slots(2), away: slots(1), torn: false });
    expect(under.commits.map(({ source }) => source)).toEqual(['foreign', 'mqtt']);
    expect(under.events('m')).toEqual([
      { type: 'score-changed', homeScore: 0, awayScore: 0 },
      { type: 'score-changed', homeScore: 2, awayScore: 1 },
    ]);
    await under.drift.round();
    expect(under.commits).toHaveLength(2);
  });

  it('is repaired with the last frame, even if the clock was set back before that frame came', async () => {
    await tell({ atS: SECOND + 55, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
    await foreign({ home: slots(0) });
    expect(row().home).toEqual(slots(3));
  });

  it('of one column that readers use is repaired, though the score is the same', async () => {
    await foreign({ shown: { home: 7, away: 1 } });
    expect(row()).toMatchObject({ shown: { home: 2, away: 1 }, torn: false });
    expect(types()).toEqual(['score-changed', 'score-changed']);
  });

  it('of an older row with empty documents and kick-offs is repaired as a whole', async () => {
    await foreign({
      status: 2,
      home: slots(0),
      away: slots(0),
      torn: true,
      kickoffs: { firstHalfS: null, secondHalfS: null, overtimeS: null },
    });
    expect(row()).toMatchObject({
      status: 4,
      home: slots(2),
      away: slots(1),
      torn: false,
      kickoffs: { firstHalfS: T, secondHalfS: SECOND, overtimeS: null },
    });
    expect(under.count('m', 'goal')).toBe(0);
  });

  it('of a kick-off alone is repaired: erased ones come back, guessed ones give way to the feed', async () => {
    await foreign({ kickoffs: { firstHalfS: null, secondHalfS: SECOND + 90, overtimeS: null } });
    expect(row().kickoffs).toEqual({ firstHalfS: T, secondHalfS: SECOND, overtimeS: null });
  });

  it('of an operator is kept until the feed says something newer', async () => {
    await foreign({ home: slots(3), scoreSource: 'api_force_refresh', scoreSourceAtS: SECOND + 80 });
    expect(row().home).toEqual(slots(3));
    expect(types()).toEqual(['score-changed']);
    await under.drift.round();
    expect(row().home).toEqual(slots(3));
    await tell({ atS: SECOND + 90, status: 4, home: slots(2), away: slots(1), kickoffS: SECOND });
    expect(row().home).toEqual(slots(2));
  });

  it('of our goal before us is no reason to stay silent: the next frame announces it', async () => {
    await foreign({ home: slots(3), scoreSource: 'api_force_refresh', scoreSourceAtS: SECOND + 80 });
    await tell({ atS: SECOND + 90, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
    expect(types()).toEqual(['score-changed', 'goal']);
    await tell({ atS: SECOND + 91, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
    expect(under.count('m', 'goal')).toBe(1);
  });

  it('that let the version fall starts a new epoch', async () => {
    await foreign({ version: 1, home: slots(1), away: slots(0) });
    expect(row()).toMatchObject({ version: 2, home: slots(2), away: slots(1) });
    expect(under.state('m').epoch).toBe(1);
    expect(under.count('m', 'goal')).toBe(0);
  });

  it('of the minute alone is left as it is and told to nobody', async () => {
    await foreign({ minute: 88 });
    expect(under.commits).toEqual([]);
    expect(row().minute).toBe(88);
  });

  it('is counted, and the repair is no update of anybody', async () => {
    const before = await under.countedInAll();
    await foreign({ home: slots(0) });
    const { values } = await under.metrics.foreignWrites.get();
    expect(values.map(({ value }) => value)).toEqual([1]);
    expect(await under.countedInAll()).toBe(before);
  });
});

describe('a foreign write after the end', () => {
  const over = { status: 8 as const, home: slots(2), away: slots(1), kickoffS: SECOND };
  beforeEach(async () => {
    await tell({ atS: SECOND + 70, ...over });
    under.commits.length = 0;
  });

  it('that puts the match back into play is repaired: no frame will come to do it', async () => {
    await foreign({ status: 4, home: slots(1) });
    expect(row()).toMatchObject({ status: 8, home: slots(2) });
    expect(under.count('m', 'goal')).toBe(0);
  });

  it('that corrects the result is kept and told: our last frame may be the older one', async () => {
    await foreign({ home: slots(1) });
    await under.drift.round();
    expect(row()).toMatchObject({ status: 8, home: slots(1) });
    expect(under.events('m')).toEqual([{ type: 'score-changed', homeScore: 1, awayScore: 1 }]);
  });

  it('that opens extra time is kept and told', async () => {
    await foreign({ status: 5 });
    expect([row().status, types()]).toEqual([5, ['state-changed', 'kick-off']]);
  });
});

describe('extra time', () => {
  const OVERTIME = SECOND + 55 * 60;
  const et = (home: number) => ({ home: slots(1, { et: home }), away: slots(1, { et: 1 }), kickoffS: OVERTIME });

  beforeEach(async () => {
    await tell({ atS: SECOND + 2900, status: 8, home: slots(1), away: slots(1), kickoffS: SECOND });
    await tell({ atS: OVERTIME, status: 5, ...et(1) });
    under.commits.length = 0;
  });

  it('ended by a job goes on at once, nobody hears of an end, and the next goal counts', async () => {
    store.change('m', { status: 8 });
    under.clock.set((OVERTIME + 80) * 1000);
    await under.drift.round();
    await under.settled();
    expect([row().status, types()]).toEqual([5, []]);
    await tell({ atS: OVERTIME + 100, status: 5, ...et(2) });
    expect(row()).toMatchObject({ status: 5, shown: { home: 2, away: 1 } });
    expect(under.count('m', 'goal')).toBe(1);
  });

  it('ended by a job while the feed has been silent is reported, and goes on when the feed does', async () => {
    store.change('m', { status: 8, statusSource: 'admin' });
    under.clock.set((OVERTIME + 800) * 1000);
    await under.drift.round();
    await under.settled();
    expect(types()).toEqual(['state-changed', 'full-time']);
    expect(store.journal.at(-1)).toMatchObject({ source: 'foreign', after: { status: 8, statusSource: 'foreign' } });
    await tell({ atS: OVERTIME + 900, status: 5, ...et(2) });
    expect(row()).toMatchObject({ status: 5, shown: { home: 2, away: 1 } });
    expect(under.count('m', 'goal')).toBe(1);
  });
});

describe('the check', () => {
  it('asks for nothing while nothing differs', async () => {
    const loads = store.statements.load;
    for (let n = 0; n < 3; n++) await under.drift.round();
    expect([store.statements.load - loads, store.statements.findChanged]).toEqual([0, 3]);
  });

  it('leaves a match alone that has something unwritten, or that changed while it asked', async () => {
    const release = store.hold('findChanged');
    store.change('m', { home: slots(0) });
    const round = under.drift.round();
    const unlock = store.lock('m');
    under.tell('m', { atS: SECOND + 90, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
    release();
    await round;
    expect(under.commits).toEqual([]);
    unlock();
    await under.settled();
    expect([row().home, under.count('m', 'goal')]).toEqual([slots(3), 1]);
  });

  it('is quiet about a row that cannot be repaired', async () => {
    store.insert('old', { status: 4, torn: true });
    under.tell('old', { atS: SECOND, status: 1 });
    await under.settled();
    for (let n = 0; n < 3; n++) await under.drift.round();
    expect(under.commits).toEqual([]);
  });

  it('survives a database that is away and goes on afterwards', async () => {
    store.fail('findChanged', { code: 'ECONNREFUSED', times: 2 });
    for (let n = 0; n < 2; n++) await under.drift.round();
    await foreign({ home: slots(0) });
    expect(row().home).toEqual(slots(2));
  });

  it('runs one round at a time', async () => {
    const release = store.hold('findChanged');
    const rounds = [under.drift.round(), under.drift.round()];
    release();
    await Promise.all(rounds);
    expect(store.statements.findChanged).toBe(1);
  });

  it('runs by itself once the application is up, and stops with it', async () => {
    await under.stop();
    under = await WriterUnderTest.on(store, { driftCheckMs: 100 });
    under.tell('m', { atS: SECOND + 70, status: 4, home: slots(2), away: slots(1), kickoffS: SECOND });
    await under.settled();
    under.drift.onApplicationBootstrap();
    under.mailboxes.onApplicationBootstrap();
    const before = store.statements.findChanged;
    await eventually(() => store.statements.findChanged >= before + 2, { what: 'two rounds' });
  });
});
