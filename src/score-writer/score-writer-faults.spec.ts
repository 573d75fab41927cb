import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { eventually } from '../../test/support/eventually.js';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import { type Cancel, SystemScheduler } from '../kernel/scheduler.js';
import { InMemoryScoreStore } from '../testing/index.js';

guardAgainstLeaks();

let store: InMemoryScoreStore;
let under: WriterUnderTest;
let errors: jest.SpiedFunction<Logger['error']>;

beforeEach(async () => {
  errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  store = new InMemoryScoreStore();
  under = await WriterUnderTest.on(store);
});
afterEach(async () => {
  await under.stop();
  errors.mockRestore();
});

const live = (atS: number, home = 0, away = 0) => ({
  atS,
  status: 2 as const,
  home: slots(home),
  away: slots(away),
  kickoffS: T,
});

/** Matches under way, their rows known to the writer. */
async function kickOff(...ids: string[]): Promise<void> {
  for (const id of ids) {
    store.insert(id);
    under.tell(id, live(T));
  }
  await under.settled();
  under.told.clear();
  under.commits.length = 0;
  store.batches.length = 0;
}

const rowScore = (id = 'm') => `${store.row(id)?.shown.home}-${store.row(id)?.shown.away}`;
const versions = (id = 'm') => store.journal.filter(({ matchId }) => matchId === id).map(({ version }) => version);
const netGoals = (id: string, side: 'home' | 'away') =>
  under.events(id).reduce((sum, event) => {
    if (event.type === 'goal' && event.side === side) return sum + 1;
    return event.type === 'goal-cancelled' && event.side === side ? sum - 1 : sum;
  }, 0);
const loggedErrors = (): unknown[] => errors.mock.calls.map(([message]) => message);

describe('an answer that was lost', () => {
  it.each(['57P01', '08006', 'ECONNRESET', null])(
    'of a committed write (%s): one commit, one goal, one fate',
    async (code) => {
      await kickOff('m');
      store.fail('write', { code, takesEffect: true, times: 1 });
      under.tell('m', live(T + 60, 1));
      await under.settled();
      expect(under.fates).toEqual(['applied/changed']);
      expect([versions(), under.count('m', 'goal'), under.commits.map(({ version }) => version)]).toEqual([
        [1, 2],
        1,
        [2],
      ]);
    },
  );

  it('of a write that did not commit: the same', async () => {
    await kickOff('m');
    store.fail('write', { code: '57P01', times: 1 });
    under.tell('m', live(T + 60, 1));
    await under.settled();
    expect(under.fates).toEqual(['applied/changed']);
    expect([versions(), under.count('m', 'goal'), under.commits.length]).toEqual([[1, 2], 1, 1]);
  });

  it.each([true, false])('several in a row with new frames between, the first took effect: %s', async (takesEffect) => {
    await kickOff('m');
    store.fail('write', { code: '57P01', takesEffect });
    for (let n = 1; n <= 4; n++) {
      under.tell('m', live(T + 60 + n, n));
      await eventually(() => store.statements.write > n, { what: 'another try' });
    }
    store.heal('write');
    await under.settled();
    expect([rowScore(), under.count('m', 'goal')]).toEqual(['4-0', 4]);
    expect(under.commits.map(({ version }) => version)).toEqual(versions().slice(1));
    expect(under.fates.at(-1)).toBe('applied/changed');
    expect(
      under.fates.filter((fate) => fate !== 'applied/changed' && fate !== 'superseded/newer-before-write'),
    ).toEqual([]);
    expect(await under.countedInAll()).toBe(5);
  });

  it('of a whole batch: every match once', async () => {
    const ids = ['a', 'b', 'c'];
    await kickOff('m', ...ids);
    const release = store.hold('write');
    under.tell('m', live(T + 60, 1));
    store.fail('write', { code: '08006', takesEffect: true, times: 1 });
    for (const id of ids) under.tell(id, live(T + 61, 1));
    release();
    await under.settled();
    expect(ids.map((id) => [under.count(id, 'goal'), ...versions(id)])).toEqual(ids.map(() => [1, 1, 2]));
    expect(under.fates).toEqual(Array(4).fill('applied/changed'));
  });

  it('and somebody else writing after it: the row is right, the goal is not told twice', async () => {
    await kickOff('m');
    store.fail('write', { code: '08006', takesEffect: true, times: 1 });
    under.tell('m', live(T + 60, 1));
    await eventually(() => store.row('m')?.version === 2, { what: 'the unconfirmed write' });
    store.change('m', { version: 3, away: slots(1) });
    await under.settled();
    expect(rowScore()).toBe('1-0');
    expect(under.count('m', 'goal')).toBeLessThanOrEqual(1);
    expect(under.state('m').version).toBe(store.row('m')?.version);
  });
});

describe('a clock set back by 5 s between two frames does not make the later one old', () => {
  it('after an answer that was lost', async () => {
    await kickOff('m');
    store.fail('write', { code: '08006', takesEffect: true, times: 1 });
    under.tell('m', live(T + 60, 1));
    await eventually(() => store.row('m')?.version === 2, { what: 'the unconfirmed write' });
    under.tell('m', live(T + 55, 2));
    await under.settled();
    expect([rowScore(), under.fates]).toEqual(['2-0', ['applied/changed', 'applied/changed']]);
  });

  it('after an answer that was lost, and a foreign write', async () => {
    await kickOff('m');
    store.fail('write', { code: '08006', takesEffect: true, times: 1 });
    under.tell('m', live(T + 60, 1));
    await eventually(() => store.row('m')?.version === 2, { what: 'the unconfirmed write' });
    store.change('m', { version: 3, away: slots(1) });
    under.tell('m', live(T + 55, 2));
    await under.settled();
    expect(rowScore()).toBe('2-0');
  });

  it('when a foreign write in between is found by the statement', async () => {
    await kickOff('m');
    under.tell('m', live(T + 60, 1));
    await under.settled();
    store.change('m', { version: 3, away: slots(1) });
    under.tell('m', live(T + 55, 2));
    await under.settled();
    expect(rowScore()).toBe('2-0');
  });

  it('behind a change that can never be written', async () => {
    await kickOff('m');
    store.fail('write', { code: '22003', times: 1 });
    under.tell('m', live(T + 60, 1));
    under.tell('m', live(T + 55, 2));
    await under.settled();
    expect(rowScore()).toBe('2-0');
  });
});

describe('a database that is away', () => {
  it('keeps the newest state of each match and nothing else, and writes it once on return', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `m${n}`);
    await kickOff(...ids);
    store.fail('write', { code: 'ECONNREFUSED' });
    for (let goals = 1; goals <= 50; goals++) for (const id of ids) under.mention(id, live(T + 60 + goals, goals));
    await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
    for (let goals = 51; goals <= 60; goals++) for (const id of ids) under.mention(id, live(T + 60 + goals, goals));
    const boxes = [...under.mailboxes.all()].map(({ contents }) => contents);
    expect(boxes).toHaveLength(40);
    expect(Math.max(...boxes.map(({ pending }) => pending?.joined.length ?? 0))).toBe(0);
    expect(Math.max(...boxes.map(({ unconfirmed }) => unconfirmed.length))).toBeLessThanOrEqual(16);
    store.heal('write');
    await under.settled();
    expect(under.writer.healthy).toBe(true);
    expect(ids.map((id) => [rowScore(id), ...versions(id)])).toEqual(ids.map(() => ['60-0', 1, 2]));
    // one commit tells the last five goals of it
    expect(ids.map((id) => under.count(id, 'goal'))).toEqual(ids.map(() => 5));
    expect(await under.countedInAll()).toBe(40 + 40 * 60);
  });

  it('holds no more after 30,000 frames than after 300, whatever the frames carry', async () => {
    const ids = Array.from({ length: 300 }, (_, n) => `m${n}`);
    await kickOff(...ids);
    store.fail('write', { code: 'ECONNREFUSED' });
    for (let goals = 1; goals <= 100; goals++) {
      for (const id of ids) under.mention(id, live(T + 60 + goals, goals % 9));
      if (goals % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(under.accounting.balance()).toMatchObject({ inFlight: 300, unaccounted: 0 });
    for (const { contents } of under.mailboxes.all()) {
      const { pending, inFlight, inbox, overtaken, unconfirmed } = contents;
      const joined = (pending?.joined.length ?? 0) + (inFlight?.accepted.joined.length ?? 0);
      expect([joined, inbox.length, overtaken.length, unconfirmed.length]).toEqual([0, 0, 0, 0]);
    }
    store.heal('write');
    await under.settled();
    expect(under.accounting.balance()).toMatchObject({ inFlight: 0, unaccounted: 0 });
  });

  it('away before anything is known: 16 frames a match wait, and one commit tells everybody', async () => {
    store.insert('m');
    store.fail('load', { code: 'ECONNREFUSED' });
    for (let goals = 1; goals <= 100; goals++) under.mention('m', live(T + goals, goals));
    expect(under.accounting.inFlight().count).toBe(16);
    store.heal('load');
    await under.settled();
    expect(rowScore()).toBe('100-0');
  });

  it('is asked again after half a second at most: the first commit comes within a second of its return', async () => {
    await under.stop();
    const pauses: number[] = [];
    class RecordingScheduler extends SystemScheduler {
      override after(delayMs: number, action: () => void): Cancel {
        pauses.push(delayMs);
        return super.after(delayMs, action);
      }
    }
    under = await WriterUnderTest.on(store, {}, { scheduler: new RecordingScheduler() });
    await kickOff('m');
    store.fail('write', { code: 'ECONNREFUSED' });
    under.tell('m', live(T + 60, 1));
    await eventually(() => store.statements.write > 8, { what: 'the longest pauses' });
    store.heal('write');
    await under.settled();
    expect(rowScore()).toBe('1-0');
    expect(pauses.filter((pauseMs) => pauseMs > 500)).toEqual([]);
    expect(Math.max(...pauses)).toBeGreaterThanOrEqual(250);
  });

  it('from the start is no healthy database', async () => {
    store.insert('m');
    store.fail('load', { code: 'ECONNREFUSED' });
    under.tell('m', live(T, 1));
    await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
    store.heal('load');
    await under.settled();
    expect([under.writer.healthy, rowScore(), ...under.fates]).toEqual([true, '1-0', 'applied/changed']);
  });

  it('keeps the order of goal and correction', async () => {
    await kickOff('m');
    store.fail('write', { code: '57P03' });
    under.tell('m', live(T + 60, 1));
    under.tell('m', live(T + 61, 1, 1));
    under.tell('m', live(T + 62, 0, 1));
    await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
    store.heal('write');
    await under.settled();
    expect([rowScore(), under.count('m', 'goal'), under.count('m', 'goal-cancelled')]).toEqual(['0-1', 1, 0]);
  });
});

describe('a change that can never be written', () => {
  it('in a batch of many: the others are written, that one is reported', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `m${n}`);
    await kickOff('first', ...ids);
    store.poison('m7', '22003');
    const release = store.hold('write');
    under.tell('first', live(T + 60, 1));
    for (const id of ids) under.tell(id, live(T + 61, 1));
    release();
    await under.settled();
    expect(under.fates.filter((fate) => fate === 'applied/changed')).toHaveLength(20);
    expect(under.fates.filter((fate) => fate === 'dead/cannot-be-written')).toHaveLength(1);
    expect(ids.filter((id) => rowScore(id) === '1-0')).toEqual(ids.filter((id) => id !== 'm7'));
    expect(loggedErrors()).toEqual([
      expect.objectContaining({ event: 'mqtt.direct_write.error', matchId: 'm7', code: '22003' }),
    ]);
    expect(await under.counted()).toEqual({ applied: 41, dead: 1 });
  });

  it('takes nothing later with it', async () => {
    await kickOff('m');
    const release = store.hold('write');
    store.fail('write', { code: '22003', times: 1 });
    const bad = under.tell('m', live(T + 60, 1));
    const good = under.tell('m', live(T + 61, 2));
    release();
    await under.settled();
    expect([under.fateOf(bad), under.fateOf(good), rowScore()]).toEqual([
      ['dead/cannot-be-written'],
      ['applied/changed'],
      '2-0',
    ]);
  });

  it.each(['23514', 'P0001', '44000'])('also when a rule of the host refuses it (%s)', async (code) => {
    await kickOff('m', 'n');
    store.poison('m', code);
    under.tell('m', live(T + 60, 1));
    under.tell('n', live(T + 60, 1));
    await under.settled();
    expect(under.fates).toEqual(['dead/cannot-be-written', 'applied/changed']);
  });

  it('a load that fails for one match only does not stop the others', async () => {
    store.insert('n');
    store.poison('bad\u0000id', '22021', 'load');
    const release = store.hold('load');
    under.tell('first', live(T, 1));
    under.tell('bad\u0000id', live(T, 1));
    under.tell('n', live(T, 1));
    release();
    await under.settled();
    expect(under.fates).toEqual(['parked/no-row', 'parked/no-row', 'applied/changed']);
  });
});

describe('a database without the migration', () => {
  it.each(['load', 'write'] as const)('is told once by the %s, and written when it is there', async (operation) => {
    if (operation === 'write') await kickOff('m');
    else store.insert('m');
    store.fail(operation, { code: '42703' });
    under.tell('m', live(T + 60, 1));
    await eventually(() => store.statements[operation] >= 4, { what: 'several tries' });
    expect(loggedErrors()).toEqual([expect.stringMatching(/run the migrations/)]);
    expect(under.writer.healthy).toBe(false);
    store.heal(operation);
    await under.settled();
    expect([rowScore(), ...under.fates]).toEqual(['1-0', 'applied/changed']);
  });

  it('is told also when the database was away before', async () => {
    await kickOff('m');
    store.fail('write', { code: 'ECONNREFUSED' });
    under.tell('m', live(T + 60, 1));
    await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
    store.fail('write', { code: '42P01' });
    await eventually(() => loggedErrors().length === 1, { what: 'the clear error' });
    store.heal('write');
    await under.settled();
  });
});

describe('accounting', () => {
  it('submitted = told fates, each exactly once, through every kind of trouble', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `m${n}`);
    await kickOff(...ids);
    const before = await under.countedInAll();
    let told = 0;
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 1; round <= 120; round++) {
      const trouble = random(12);
      const code = ['57P01', '40P01', null][random(3)] ?? null;
      if (trouble < 2) store.fail('write', { code, takesEffect: trouble === 0, times: 1 + random(2) });
      if (trouble === 2) store.fail('load', { code, times: 1 });
      const target = ids[random(ids.length)] as string;
      if (trouble === 3)
        store.change(target, { version: (store.row(target)?.version ?? 0) + 1, away: slots(random(3)) });
      const unlock = trouble === 4 ? store.lock(target) : () => {};
      for (let n = random(6); n >= 0; n--) {
        const id = random(15) === 0 ? 'nobody' : (ids[random(ids.length)] as string);
        const report = {
          ...live(T + 60 + round, random(4), random(3)),
          status: random(20) === 0 ? (1 as const) : (2 as const),
        };
        if (random(2)) under.tell(id, report);
        else under.mention(id, report);
        told++;
      }
      if (trouble === 5) await under.drift.round();
      await new Promise((resolve) => setImmediate(resolve));
      unlock();
      if (random(3) === 0) await under.settled();
    }
    store.heal('write');
    store.heal('load');
    await under.settled();
    expect(under.fates.filter((fate) => fate === '-' || fate.includes(' and '))).toEqual([]);
    expect((await under.countedInAll()) - before).toBe(told);
    for (const id of ids) expect(under.state(id)).toMatchObject({ version: store.row(id)?.version });
    for (const id of ids) expect(new Set(versions(id)).size).toBe(versions(id).length);
  });

  it('whatever fails, each match ends as its last frame says and every commit is told once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            id: fc.constantFrom('a', 'b', 'c'),
            // more than three goals at once would wait for a second frame
            home: fc.nat(1),
            away: fc.nat(2),
            fault: fc.constantFrom('lost', 'refused', 'load', 'locked', 'none', 'none'),
            pause: fc.boolean(),
          }),
          { minLength: 1, maxLength: 15 },
        ),
        async (frames) => {
          await under.stop();
          store = new InMemoryScoreStore();
          under = await WriterUnderTest.on(store);
          for (const id of ['a', 'b', 'c']) store.insert(id);
          const last = new Map<string, string>();
          for (const [n, { id, home, away, fault, pause }] of frames.entries()) {
            if (fault === 'lost' || fault === 'refused') {
              store.fail('write', { code: '08006', takesEffect: fault === 'lost', times: 1 });
            }
            if (fault === 'load') store.fail('load', { code: null, times: 1 });
            const unlock = fault === 'locked' ? store.lock(id) : () => {};
            under.tell(id, live(T + n, home, away));
            last.set(id, `${home}-${away}`);
            await new Promise((resolve) => setImmediate(resolve));
            unlock();
            if (pause) await under.settled();
          }
          await under.settled();
          for (const [id, score] of last) {
            const commits = under.commits.filter(({ matchId }) => matchId === id);
            expect(rowScore(id)).toBe(score);
            expect(commits.map(({ version }) => version)).toEqual(versions(id));
            expect(`${netGoals(id, 'home')}-${netGoals(id, 'away')}`).toBe(score);
          }
          expect(under.fates.filter((fate) => fate === '-' || fate.includes(' and '))).toEqual([]);
          expect(await under.countedInAll()).toBe(frames.length);
        },
      ),
      { numRuns: 40 },
    );
  }, 300_000);

  it('a waiting one that throws harms nobody', async () => {
    await kickOff('m');
    const update = { ...under.tell('m', live(T + 60, 1)), receivedAtMs: (T + 61) * 1000 };
    under.writer.submit([update], {
      awaitsCommit: true,
      concluded() {
        throw new Error('from a listener');
      },
    });
    under.tell('m', live(T + 62, 2));
    await under.settled();
    expect(rowScore()).toBe('2-0');
  });
});

describe('shutdown', () => {
  it('waits for what was accepted', async () => {
    await kickOff('m');
    const release = store.hold('write');
    under.tell('m', live(T + 60, 1));
    under.tell('m', live(T + 61, 2));
    const stopped = under.stop();
    release();
    await stopped;
    expect(under.fates).toEqual(['applied/changed', 'applied/changed']);
    expect(rowScore()).toBe('2-0');
  });

  it('takes and writes what comes while it drains; what comes after it is told nothing', async () => {
    await kickOff('m');
    const release = store.hold('write');
    under.tell('m', live(T + 60, 1));
    const stopped = under.stop();
    under.tell('m', live(T + 61, 2));
    release();
    await stopped;
    under.tell('m', live(T + 62, 3));
    await new Promise((resolve) => setImmediate(resolve));
    expect(under.fates).toEqual(['applied/changed', 'applied/changed', '-']);
    expect([rowScore(), under.accounting.balance()]).toMatchObject(['2-0', { inFlight: 1, unaccounted: 0 }]);
  });

  it('is safe twice and when nothing ever ran', async () => {
    await Promise.all([under.stop(), under.stop()]);
    await under.stop();
  });

  it('gives up on a database that stays away, within 5 s, and says what is left, once', async () => {
    const time = new VirtualTime();
    under = await WriterUnderTest.on(store, {}, { scheduler: new VirtualScheduler(time) });
    await kickOff('m', 'n');
    store.fail('write', { code: 'ECONNREFUSED' });
    under.tell('m', live(T + 60, 1));
    under.tell('n', live(T + 60, 1));
    let stops = 0;
    for (const stopped of [under.stop(), under.stop()]) void stopped.then(() => stops++);
    await time.advance(3_000);
    expect(stops).toBe(0);
    await time.advance(2_000);
    expect(stops).toBe(2);
    expect(errors.mock.calls).toEqual([['Stopped with unwritten changes', { matches: 2 }]]);
    const tries = store.statements.write;
    under.tell('m', live(T + 61, 2));
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.statements.write).toBe(tries);
  });

  it('gives up on a locked row and leaves no timer behind', async () => {
    await kickOff('m');
    const timers = () => process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
    const before = timers();
    const unlock = store.lock('m');
    under.tell('m', live(T + 60, 1));
    await under.stop();
    unlock();
    await eventually(() => timers() <= before, { what: 'the last try to end' });
    const tries = store.statements.write;
    under.tell('m', live(T + 61, 2));
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.statements.write).toBe(tries);
  });
});

describe('what only memory knows', () => {
  it('survives a statement that fails: a provider time that a duplicate brought', async () => {
    await kickOff('m');
    store.fail('write', { code: 'ECONNRESET', times: 1 });
    under.tell('m', { ...live(T + 60, 1), providerTimeS: T + 60 });
    under.tell('m', { ...live(T + 61, 1), providerTimeS: T + 200 });
    await under.settled();
    const late = under.tell('m', { ...live(T + 62, 0), providerTimeS: T + 150 });
    expect(under.fateOf(late)).toEqual(['stale/older-provider-time']);
    expect(rowScore()).toBe('1-0');
  });

  it('survives a foreign write: the provider time and the highest counts', async () => {
    await kickOff('m');
    under.tell('m', { ...live(T + 60, 2), providerTimeS: T + 60 });
    await under.settled();
    under.tell('m', { ...live(T + 61, 2), providerTimeS: T + 200 });
    store.change('m', { status: 3 });
    await under.drift.round();
    await under.settled();
    expect(under.state('m')).toMatchObject({ providerTimeS: T + 200, peak: { home: slots(2) } });
  });

  it('a provider time of 0 from somebody else does not lock the row', async () => {
    await kickOff('m');
    store.change('m', { providerTimeS: 0 });
    under.tell('m', live(T + 60, 1));
    await under.settled();
    expect(rowScore()).toBe('1-0');
  });
});

it('a database that refuses a change for good has answered: the writer is healthy', async () => {
  await kickOff('m');
  store.fail('write', { code: 'ECONNRESET', times: 1 });
  store.poison('m', '22003');
  under.tell('m', live(T + 60, 1));
  await eventually(() => loggedErrors().length > 0, { what: 'the change to be given up' });
  expect(under.writer.healthy).toBe(true);
});
