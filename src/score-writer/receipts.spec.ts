import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { eventually } from '../../test/support/eventually.js';
import { FakeLease } from '../../test/support/fake-lease.js';
import { slots, KICKOFF_S as T, toUpdate } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import type { Receipt } from '../contracts/update-sink.js';
import type { ScoreUpdate } from '../domain/decide.js';
import { InMemoryScoreStore } from '../testing/index.js';

guardAgainstLeaks();

let store: InMemoryScoreStore;
let lease: FakeLease;
let under: WriterUnderTest;
/** what was told, in order, by the name of the frame */
let told: string[];

beforeEach(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  store = new InMemoryScoreStore();
  lease = new FakeLease(1);
  under = await WriterUnderTest.on(store, {}, { lease });
  told = [];
});
afterEach(async () => {
  expect(under.accounting.balance().unaccounted).toBe(0);
  await under.stop();
  jest.restoreAllMocks();
});

const live = (atS: number, home = 0, away = 0) => ({
  atS,
  status: 2 as const,
  home: slots(home),
  away: slots(away),
  kickoffS: T,
});

interface Sending extends Partial<Receipt> {
  readonly id?: string;
  /** the update says it was received this much earlier */
  readonly agoS?: number;
}

/** One frame `name`, as a broker of QoS 1 sends it unless told otherwise. */
function send(name: string, report: Parameters<typeof toUpdate>[0], { id = 'm', agoS = 0, ...more }: Sending = {}) {
  under.clock.set(report.atS * 1000);
  const update: ScoreUpdate = { ...toUpdate({ ...report, atS: report.atS - agoS }), matchId: id };
  under.submit(update, {
    awaitsCommit: true,
    concluded: (_, { kind, reason }) => told.push(`${name} ${kind}/${reason}`),
    replayed: (_, { kind, reason }) => told.push(`${name} replayed ${kind}/${reason}`),
    ...more,
  });
}

/** A match under way, its row known to the writer. */
async function kickOff(...ids: string[]): Promise<void> {
  for (const id of ids) {
    store.insert(id);
    under.mention(id, live(T));
  }
  await under.settled();
}

const rowScore = (id = 'm') => `${store.row(id)?.shown.home}-${store.row(id)?.shown.away}`;
const applied = (name: string) => `${name} applied/changed`;
const duplicate = (name: string) => `${name} duplicate/nothing-differs`;
const superseded = (name: string) => `${name} superseded/newer-before-write`;
const fenced = (name: string) => `${name} stale/lease-lost`;

describe('a frame that is sent again until it is acknowledged', () => {
  it('hears of being a duplicate of an unwritten change only when that is written', async () => {
    await kickOff('m');
    const release = store.hold('write');
    send('goal', live(T + 60, 1));
    send('copy of what is sent', live(T + 60, 1));
    expect(told).toEqual([]);
    expect(under.accounting.inFlight()).toEqual({ count: 2, oldestAtMs: (T + 60) * 1000 });
    release();
    await under.settled();
    expect(told).toEqual([duplicate('copy of what is sent'), applied('goal')]);
    send('copy of what is written', live(T + 60, 1));
    expect(told.at(-1)).toBe(duplicate('copy of what is written'));
  });

  it('so do the duplicates and the superseded ones of a change that waits for a database that is away', async () => {
    await kickOff('m');
    store.fail('write', { code: 'ECONNREFUSED' });
    send('1', live(T + 60, 1));
    await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
    send('1 again', live(T + 60, 1));
    send('2', live(T + 61, 2));
    send('2 again', live(T + 62, 2));
    expect(told).toEqual([]);
    store.heal('write');
    await under.settled();
    expect([...told].sort()).toEqual(
      [applied('2'), duplicate('1 again'), duplicate('2 again'), superseded('1')].sort(),
    );
  });

  it('nobody keeps a copy: told at once, and nothing of it stays', async () => {
    await kickOff('m');
    const release = store.hold('write');
    send('1', live(T + 60, 1));
    send('2', live(T + 61, 2), { awaitsCommit: false });
    send('2 again', live(T + 62, 2), { awaitsCommit: false });
    send('3', live(T + 63, 3), { awaitsCommit: false });
    expect(told).toEqual([duplicate('2 again'), superseded('2')]);
    expect([...under.mailboxes.all()][0]?.contents.pending?.joined).toEqual([]);
    release();
    await under.settled();
  });

  it.each([true, false])('an answer that was lost (it took effect: %s) tells each once', async (takesEffect) => {
    await kickOff('m');
    store.fail('write', { code: 'ECONNRESET', takesEffect, times: 1 });
    send('1', live(T + 60, 1));
    send('1 again', live(T + 61, 1));
    await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
    send('1 once more', live(T + 62, 1));
    await under.settled();
    expect([...told].sort()).toEqual([applied('1'), duplicate('1 again'), duplicate('1 once more')].sort());
    expect([rowScore(), store.row('m')?.version]).toEqual(['1-0', 2]);
  });

  it('a change that can never be written takes down what it contains', async () => {
    await kickOff('m');
    const release = store.hold('write');
    store.poison('m', '22003');
    send('1', live(T + 60, 1));
    send('1 again', live(T + 61, 1));
    release();
    await under.settled();
    expect([...told].sort()).toEqual(['1 again dead/cannot-be-written', '1 dead/cannot-be-written']);
  });

  it('a full inbox tells nobody whose copy would be thrown away', async () => {
    store.insert('m');
    const release = store.hold('load');
    for (let n = 0; n < 40; n++) send(`${n}`, live(T + n, n));
    expect(told).toEqual([]);
    release();
    await under.settled();
    expect([told.length, told.at(-1), rowScore()]).toEqual([40, applied('39'), '39-0']);
  });

  it('is not forgotten by the broker before what it was refused for is written', async () => {
    await kickOff('m');
    const release = store.hold('write');
    send('half-time', { ...live(T + 60, 1), status: 3 });
    send('late', live(T + 61, 1));
    await eventually(() => store.statements.write === 2, { what: 'the statement' });
    expect(told).toEqual([]);
    release();
    await under.settled();
    expect(told.toSorted()).toEqual([applied('half-time'), 'late stale/earlier-period']);
  });

  it('after a foreign write it is judged with everything that hangs on it', async () => {
    await kickOff('m');
    store.change('m', { version: 5 });
    const release = store.hold('write');
    send('1', live(T + 60, 1));
    send('2', live(T + 61, 2));
    send('2 again', live(T + 62, 2));
    release();
    await under.settled();
    expect([...told].sort()).toEqual([superseded('1'), duplicate('2 again'), applied('2')].sort());
    expect(rowScore()).toBe('2-0');
  });
});

describe('a parked update', () => {
  it('is the newest by time of receipt, and its sender hears twice', async () => {
    send('new', live(T + 60, 2), { id: 'late' });
    await under.settled();
    send('old letter', live(T + 61, 1), { id: 'late', agoS: 30, waited: true });
    await under.settled();
    store.insert('late');
    await under.drift.round();
    await eventually(() => told.length === 3, { what: 'the replay' });
    expect(told).toEqual(['new parked/no-row', 'old letter parked/no-row', 'new replayed applied/changed']);
    expect([rowScore('late'), under.accounting.balance().parked]).toEqual(['2-0', 2]);
  });

  it('is not replaced by a late frame of an earlier period', async () => {
    send('new', { ...live(T + 3_700, 2), status: 4 }, { id: 'late' });
    await under.settled();
    send('of the first half', live(T + 3_701, 1), { id: 'late' });
    send('newer', { ...live(T + 3_702, 3), status: 4 }, { id: 'late' });
    await under.settled();
    store.insert('late');
    await under.drift.round();
    await eventually(() => store.row('late')?.version === 1, { what: 'the replay' });
    expect(told.slice(0, 3)).toEqual([
      'new parked/no-row',
      'of the first half stale/earlier-period',
      'newer parked/no-row',
    ]);
    expect(rowScore('late')).toBe('3-0');
  });

  it('of the provider gives way to every push, whose copy is kept', async () => {
    send('answer', { ...live(T + 3_700, 2), status: 4, pulledAfterS: 1 }, { id: 'late', awaitsCommit: false });
    await under.settled();
    send('push', live(T + 3_701, 1), { id: 'late' });
    send('another answer', { ...live(T + 3_702, 2), status: 4, pulledAfterS: 1 }, { id: 'late', awaitsCommit: false });
    await under.settled();
    expect(told).toEqual(['answer parked/no-row', 'push parked/no-row', 'another answer parked/no-row']);
    store.insert('late');
    await under.drift.round();
    await eventually(() => store.row('late')?.version === 1, { what: 'the replay' });
    expect(rowScore('late')).toBe('1-0');
  });

  it('is replayed as superseded after the commit of a newer frame', async () => {
    send('parked', live(T + 60, 1), { id: 'late', awaitsCommit: false });
    await under.settled();
    store.insert('late');
    const release = store.hold('write');
    send('newer', live(T + 70, 2), { id: 'late' });
    await eventually(() => store.statements.write === 1, { what: 'the statement' });
    expect(told).toEqual(['parked parked/no-row']);
    release();
    await under.settled();
    expect(told.slice(1)).toEqual(['parked replayed superseded/newer-before-write', applied('newer')]);
  });

  it('a letter from before the restart is older than the row, a live frame after a clock step is not', async () => {
    const kickoffs = { firstHalfS: T, secondHalfS: null, overtimeS: null };
    store.insert('m', { seenAtMs: (T + 65) * 1000, version: 3, status: 2, home: slots(2), kickoffs });
    send('letter', live(T + 60, 1), { agoS: 10, waited: true });
    await under.settled();
    send('live', live(T + 60, 3));
    await under.settled();
    expect(told).toEqual(['letter stale/overtaken', applied('live')]);
  });

  it('dropped before its row appeared is counted', async () => {
    send('lost', live(T + 60, 1), { id: 'late' });
    await under.settled();
    under.clock.advance(11 * 60_000);
    under.mailboxes.sweep();
    expect((await under.metrics.parkedDropped.get()).values[0]?.value).toBe(1);
  });
});

describe('the provider is asked', () => {
  it('about a push that was refused, not before its cache can have news', async () => {
    await kickOff('m');
    send('goal', live(T + 60, 1));
    send('back', { ...live(T + 61, 1), status: 1 });
    const settledMs = (T + 60) * 1000 + 30_000;
    for (const atMs of [settledMs - 1, settledMs]) {
      expect(under.lookups).toEqual([]);
      under.clock.set(atMs);
      under.questions.ask();
    }
    expect(under.lookups).toEqual([{ matchId: 'm', notBeforeMs: settledMs }]);
    await under.settled();
  });

  it('about a push that may have been held back behind its answer, when the next one must know of it', async () => {
    await under.stop();
    under = await WriterUnderTest.on(
      store,
      {},
      { lease, backlog: { brokerWaits: true, emptyAtMs: 0, isBehind: true, isOver: false } },
    );
    store.insert('m', { version: 3, status: 2, home: slots(2), scoreSource: 'api', scoreSourceAtS: T + 60 });
    send('less', live(T + 70, 1));
    await under.settled();
    expect(told).toEqual(['less stale/push-behind-pull']);
    under.questions.ask();
    expect(under.lookups).toEqual([{ matchId: 'm', notBeforeMs: (T + 70) * 1000 }]);
  });

  it('about a match without row at once', async () => {
    send('new', live(T + 60, 2), { id: 'late' });
    await under.settled();
    expect(under.lookups).toEqual([{ matchId: 'late', notBeforeMs: (T + 60) * 1000 }]);
  });

  it('never because of its own answers, nor of a late frame that says what is known', async () => {
    await kickOff('m');
    send('goal', { ...live(T + 60, 1), providerTimeS: T + 60 });
    send('pull', { ...live(T + 61, 0), pulledAfterS: 1 });
    send('late', { ...live(T + 62, 1), providerTimeS: T + 50 });
    await under.settled();
    expect(told.sort()).toEqual(
      [applied('goal'), 'late stale/older-provider-time', 'pull stale/pull-too-early'].sort(),
    );
    expect(under.lookups).toEqual([]);
  });
});

describe('the lease', () => {
  it('lost: unwritten changes are dropped, what is under way and commits is told', async () => {
    await kickOff('m', 'n');
    const release = store.hold('write');
    send('under way', live(T + 60, 1));
    send('waiting', live(T + 61, 2));
    send('elsewhere', live(T + 61, 1), { id: 'n' });
    lease.lose();
    expect([...told].sort()).toEqual([fenced('elsewhere'), fenced('waiting')]);
    send('standing by', live(T + 62, 3));
    expect([told.at(-1), under.accounting.inFlight().count]).toEqual([fenced('standing by'), 1]);
    release();
    await under.settled();
    expect([told.at(-1), rowScore(), rowScore('n'), [...under.mailboxes.all()]]).toEqual([
      applied('under way'),
      '1-0',
      '0-0',
      [],
    ]);
    expect(under.commits.at(-1)).toMatchObject({ matchId: 'm', version: 2 });
  });

  it.each<[string, () => void]>([
    ['fails', () => store.fail('write', { code: 'ECONNRESET', times: 1 })],
    ['is refused for good', () => store.poison('m', '22003')],
    ['is fenced', () => store.setFence(2)],
  ])('lost while a statement is under way that %s: told once, tried no more', async (_what, prepare) => {
    await kickOff('m');
    const tries = store.statements.write;
    prepare();
    const release = store.hold('write');
    send('under way', live(T + 60, 1));
    lease.lose();
    release();
    await under.settled();
    expect(told).toHaveLength(1);
    await eventually(() => under.writer.healthy, { what: 'the writer to have nothing left to fail' });
    expect([rowScore(), store.statements.write]).toEqual(['0-0', tries + 1]);
  });

  it('taken again: rows are loaded anew', async () => {
    await kickOff('m');
    lease.lose();
    store.change('m', { version: 9, away: slots(1) });
    store.setFence(3);
    const loads = store.statements.load;
    await under.drift.round();
    expect(store.statements.load).toBe(loads);
    lease.take(3);
    send('goal', live(T + 60, 1, 1));
    await under.settled();
    expect([told, rowScore(), store.row('m')?.version]).toEqual([[applied('goal')], '1-1', 10]);
  });

  it('confirmed with the same fence after an outage: everything is kept', async () => {
    await kickOff('m');
    store.fail('write', { code: 'ECONNREFUSED' });
    send('goal', live(T + 60, 1));
    await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
    lease.take(1);
    store.heal('write');
    await under.settled();
    expect(told).toEqual([applied('goal')]);
  });

  it('a writer that was fenced without knowing writes nothing, doubts its lease, and does not loop hot', async () => {
    await kickOff('m');
    store.setFence(2);
    const tries = store.statements.write;
    send('goal', live(T + 60, 1));
    await eventually(() => lease.doubts > 0, { what: 'the doubt' });
    expect([rowScore(), store.statements.write - tries <= 6]).toEqual(['0-0', true]);
    lease.lose();
    expect(told).toEqual([fenced('goal')]);
    await under.settled();
  });
});
