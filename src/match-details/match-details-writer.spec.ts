import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { matchState, scoreCommitted, slots } from '../../test/support/committed-changes.js';
import { eventually } from '../../test/support/eventually.js';
import { FakeLease } from '../../test/support/fake-lease.js';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { type Committed, CommittedChanges } from '../contracts/committed-changes.js';
import type { Receipt } from '../contracts/update-sink.js';
import { WriteFence } from '../contracts/write-fence.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { Accounting } from '../kernel/accounting.js';
import { SystemClock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { type Scheduler, SystemScheduler } from '../kernel/scheduler.js';
import { MatchDetailsWriter } from './match-details-writer.js';
import { type DetailsChange, DetailsStore, type StoredDetails, type WantedDetails } from './ports/details-store.js';

const EMPTY: StoredDetails = { statistics: null, incidents: null, commentary: null, score: null, fingerprint: '0' };

type Answer = { readonly kind: 'busy' } | { readonly kind: 'saved'; readonly announced: readonly string[] } | Error;

/** Knows every match, remembers nothing; each statement may be held up or refused, each change answered otherwise. */
class ScriptedStore extends DetailsStore {
  readonly saves: DetailsChange[] = [];
  readonly fences: (number | null)[] = [];
  /** matches of each statement that writes */
  readonly statements: string[][] = [];
  /** one after the other, of single changes */
  readonly answers: Answer[] = [];
  /** statements that write one of these fail */
  readonly refused = new Map<string, Error>();
  readonly unknown = new Set<string>();
  /** what every row is said to hold */
  stored = EMPTY;
  loads = 0;
  gate: Promise<void> = Promise.resolve();

  override async load(wanted: readonly WantedDetails[]): Promise<ReadonlyMap<string, StoredDetails>> {
    this.loads++;
    await this.gate;
    return new Map(wanted.flatMap(({ matchId }) => (this.unknown.has(matchId) ? [] : [[matchId, this.stored]])));
  }

  override async save(
    changes: readonly DetailsChange[],
    fence: number | null,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    this.statements.push(changes.map(({ matchId }) => matchId));
    this.saves.push(...changes);
    this.fences.push(fence);
    for (const { matchId } of changes) if (this.refused.has(matchId)) throw this.refused.get(matchId);
    const answers = changes.map(({ announce }) => this.answers.shift() ?? { kind: 'saved', announced: announce });
    const failure = answers.find((answer) => answer instanceof Error);
    if (failure) throw failure;
    return new Map(
      changes.flatMap(({ matchId }, n) => {
        const answer = answers[n];
        return answer && 'announced' in answer ? [[matchId, answer.announced] as const] : [];
      }),
    );
  }
}

function update(matchId: string, parts: Partial<MatchUpdate> = {}): MatchUpdate {
  return {
    matchId,
    source: 'mqtt',
    delivery: 'push',
    receivedAtMs: Date.now(),
    requestedAtMs: null,
    providerTimeS: null,
    ...parts,
  };
}

const corners = (home: number) => ({ statistics: [{ type: 2, home, away: 0 }] });
const savedCorners = (change?: DetailsChange) => change?.statistics?.corners;
const sqlError = (code: string) => Object.assign(new Error('refused'), { code });

describe('MatchDetailsWriter', () => {
  let store: ScriptedStore;
  let metrics: LiveScoreMetrics;
  let published: Committed[];
  let accounting: Accounting;
  let lease: FakeLease;
  let writer: MatchDetailsWriter;
  let committed: CommittedChanges;

  const outcomes = async () =>
    Object.fromEntries((await metrics.details.get()).values.map(({ labels, value }) => [labels.outcome, value]));
  const saved = (count: number) => eventually(() => store.saves.length >= count, { what: `${count} saves` });
  const hold = () => {
    let open = (): void => undefined;
    store.gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  };

  const writerWith = (scheduler: Scheduler) =>
    new MatchDetailsWriter(
      store,
      new SystemClock(),
      committed,
      metrics,
      scheduler,
      new WriteFence(lease),
      accounting,
      new OutcomeCounter(metrics, accounting),
    );

  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new ScriptedStore();
    metrics = new LiveScoreMetrics();
    published = [];
    committed = new CommittedChanges();
    committed.batches$.subscribe((batch) => published.push(...batch));
    accounting = new Accounting();
    lease = new FakeLease(7);
    writer = writerWith(new SystemScheduler());
  });

  afterEach(async () => {
    await writer.beforeApplicationShutdown();
    Logger.overrideLogger(true);
  });

  it('writes at once when idle, and never for a score alone', async () => {
    writer.submit([update('a', { score: undefined })]);
    expect(store.loads).toBe(0);
    writer.submit([update('a', corners(1))]);
    expect(store.loads).toBe(1);
    await saved(1);
    expect(await outcomes()).toEqual({ written: 1 });
  });

  it('joins what comes for a match while a write is in flight', async () => {
    const open = hold();
    writer.submit([update('a', corners(1))]);
    const card = { type: 3, position: 1, time: 5 };
    writer.submit([
      update('b', corners(1)),
      update('b', { incidents: [card] }),
      update('b', { ...corners(2), commentary: [{ data: 'x' }] }),
      update('b', { incidents: [{ ...card, time: 4 }], commentary: [{ data: 'y' }] }),
    ]);
    open();
    await saved(2);
    expect(store.saves).toHaveLength(2);
    expect(store.saves[1]).toMatchObject({
      statistics: { corners: { home: 2, away: 0 } },
      incidents: [{ time: 4 }],
      commentary: [{ data: 'x' }, { data: 'y' }],
    });
  });

  it('publishes the incidents that were announced for the first time', async () => {
    const card = { type: 3, position: 1, time: 5 };
    writer.submit([update('a', { receivedAtMs: 7, incidents: [card, { ...card, type: 1 }] })]);
    await eventually(() => published.length > 0, { what: 'the announcement' });
    expect(published).toEqual([
      {
        kind: 'incidents',
        matchId: 'a',
        fresh: [card],
        corrected: [],
        receivedAtMs: 7,
        committedAtMs: expect.any(Number),
      },
    ]);
  });

  it('tells that the list is another one when the feed takes an incident back, and announces nothing', async () => {
    const card = { type: 3, position: 1, time: 5 };
    const another = { ...card, time: 50 };
    store.stored = { ...EMPTY, incidents: [card, another] };
    writer.submit([update('a', { incidents: [card] })]);
    await eventually(() => published.length > 0, { what: 'word of the shorter list' });
    expect(store.saves[0]?.withdrawn).toEqual([another]);
    expect(published).toMatchObject([{ kind: 'incidents', matchId: 'a', fresh: [], corrected: [] }]);
  });

  it('writes the last list once more when the score falls, for nobody who waits', async () => {
    const goal = { type: 1, position: 1, time: 5 };
    writer.submit([update('a', { incidents: [goal] }), update('b', { incidents: [goal] })]);
    await saved(2);
    committed.publish([
      scoreCommitted({ matchId: 'a', home: slots(1) }, [], { before: matchState({ home: slots(0) }) }),
    ]);
    committed.publish([
      scoreCommitted({ matchId: 'x', home: slots(0) }, [], { before: matchState({ home: slots(1) }) }),
    ]);
    committed.publish([
      scoreCommitted({ matchId: 'a', home: slots(0) }, [], { before: matchState({ home: slots(1) }) }),
    ]);
    await saved(3);
    expect(store.saves[2]).toMatchObject({ matchId: 'a', incidents: [goal] });
    expect(accounting.balance()).toMatchObject({ applied: 2, superseded: 0 });
  });

  it('publishes nothing when another process was first', async () => {
    store.answers.push({ kind: 'saved', announced: [] });
    writer.submit([update('a', { incidents: [{ type: 3, position: 1, time: 5 }] })]);
    await saved(1);
    expect(published).toEqual([]);
  });

  it.each<[string, Answer]>([
    ['a row that is locked', { kind: 'busy' }],
    ['a lost connection', new Error('Connection terminated')],
    ['a deadlock', sqlError('40P01')],
    ['a missing table', sqlError('42P01')],
  ])('tries again after %s, with what came in between on top', async (_what, answer) => {
    store.answers.push(answer);
    writer.submit([update('a', { ...corners(1), commentary: [{ data: 'x' }] })]);
    await saved(1);
    writer.submit([update('a', corners(3))]);
    await saved(2);
    expect(savedCorners(store.saves[1])).toEqual({ home: 3, away: 0 });
    expect(store.saves[1]?.commentary).toEqual([{ data: 'x' }]);
  });

  it('lets the other matches go first after a failure', async () => {
    const open = hold();
    store.answers.push(sqlError('57014'));
    writer.submit([update('a', corners(1))]);
    writer.submit([update('b', corners(1)), update('c', corners(1))]);
    open();
    await saved(4);
    expect(store.statements).toEqual([['a'], ['b', 'c', 'a']]);
  });

  it('writes what waits for a busy database in statements of 32 matches', async () => {
    const open = hold();
    writer.submit([update('first', corners(1))]);
    writer.submit(Array.from({ length: 300 }, (_, n) => update(`m${n}`, corners(n))));
    open();
    await saved(301);
    expect(store.statements.length).toBeLessThanOrEqual(1 + Math.ceil(300 / 32));
    expect(await outcomes()).toEqual({ written: 301 });
  });

  it('gives up what can never be written and goes on', async () => {
    store.refused.set('a', sqlError('22P05'));
    writer.submit([update('a', corners(1)), update('b', corners(1))]);
    await saved(4);
    expect(store.statements).toEqual([['a', 'b'], ['a'], ['b']]);
    expect(await outcomes()).toEqual({ failed: 1, written: 1 });
  });

  it.each(['42883', 'XX000', '57014'])(
    'writes the others where one row fails with %s whenever it is written',
    async (code) => {
      store.refused.set('a', sqlError(code));
      writer.submit(['a', 'b', 'c'].map((matchId) => update(matchId, corners(1))));
      await eventually(async () => (await outcomes()).written === 2, { what: 'both others' });
      store.refused.clear();
      await eventually(async () => (await outcomes()).written === 3, { what: 'the one that failed' });
    },
  );

  it('pauses where every row fails: it is the database', async () => {
    const time = new VirtualTime();
    const late = writerWith(new VirtualScheduler(time, () => 0.999));
    const matchIds = Array.from({ length: 10 }, (_, n) => `m${n}`);
    for (const matchId of matchIds) store.refused.set(matchId, sqlError('42P01'));
    late.submit(matchIds.map((matchId) => update(matchId, corners(1))));
    await time.advance(20_000);
    expect(store.statements.length).toBeLessThan(30 * (1 + matchIds.length));
    expect(late.holds('m0')).toBe(true);
    store.refused.clear();
    await time.advance(1_000);
    expect(await outcomes()).toEqual({ written: 10 });
  });

  it('writes within a second of the return of a database that was away for a minute: messages wait for it unacknowledged', async () => {
    const time = new VirtualTime();
    const late = writerWith(new VirtualScheduler(time, () => 0.999));
    let away = true;
    store.load = async () => {
      if (away) throw new Error('Connection terminated');
      return new Map([['a', EMPTY]]);
    };
    late.submit([update('a', corners(1))]);
    await time.advance(60_000);
    away = false;
    await time.advance(1_000);
    expect(store.saves).toHaveLength(1);
  });

  it('gives up what waited for 15 minutes', async () => {
    store.answers.push({ kind: 'busy' });
    writer.submit([update('a', { ...corners(1), receivedAtMs: Date.now() - 16 * 60_000 })]);
    await saved(1);
    await eventually(async () => (await outcomes()).expired === 1, { what: 'the expiry' });
    expect(store.saves).toHaveLength(1);
  });

  it('drops and counts an unknown match', async () => {
    store.unknown.add('a');
    writer.submit([update('a', corners(1)), update('b', corners(1))]);
    await saved(1);
    expect(await outcomes()).toEqual({ unknown: 1, written: 1 });
  });

  it('drops an update that the provider dated before one already seen', async () => {
    const open = hold();
    writer.submit([update('z', corners(1))]);
    writer.submit([
      update('a', { ...corners(2), providerTimeS: 100 }),
      update('a', { ...corners(1), providerTimeS: 99 }),
      update('b', { ...corners(9), providerTimeS: 99 }),
    ]);
    open();
    await saved(3);
    expect(store.saves.map(savedCorners)).toEqual([1, 2, 9].map((home) => ({ home, away: 0 })));
    expect(await outcomes()).toMatchObject({ stale: 1 });
  });

  it('holds at most 5,000 matches and gives up the oldest', async () => {
    const open = hold();
    writer.submit([update('first', corners(1))]);
    writer.submit(Array.from({ length: 5_001 }, (_, i) => update(`m${i}`, corners(1))));
    expect(await outcomes()).toEqual({ overflow: 1 });
    open();
    await saved(5_001);
    expect(store.saves.map(({ matchId }) => matchId)).not.toContain('m0');
  });

  it('at shutdown writes what waits and takes nothing more', async () => {
    store.answers.push({ kind: 'busy' }, { kind: 'busy' });
    writer.submit([update('a', corners(1))]);
    await saved(1);
    writer.submit([update('b', corners(1))]);
    await writer.beforeApplicationShutdown();
    expect(store.saves.map(({ matchId }) => matchId)).toEqual(['a', 'a', 'b']);
    writer.submit([update('c', corners(1))]);
    await writer.beforeApplicationShutdown();
    expect(store.saves).toHaveLength(3);
  });

  it('at shutdown waits for the write in flight', async () => {
    const open = hold();
    writer.submit([update('a', corners(1))]);
    const stopped = writer.beforeApplicationShutdown();
    open();
    await stopped;
    expect(store.saves).toHaveLength(1);
  });

  describe('fates', () => {
    let fates: string[];
    const receipt = (name: string, awaitsCommit = true): Receipt => ({
      awaitsCommit,
      concluded: (_: MatchUpdate, { kind, reason }: Outcome) => fates.push(`${name} ${kind}/${reason}`),
    });
    const submit = (name: string, one: MatchUpdate, awaitsCommit = true) => {
      accounting.received(one.score ? 0 : 1);
      writer.submit([one], receipt(name, awaitsCommit));
    };
    const told = (count: number) => eventually(() => fates.length >= count, { what: `${count} fates` });

    beforeEach(() => {
      fates = [];
    });
    afterEach(() => expect(accounting.balance().unaccounted).toBe(0));

    it('are told after the commit, joined ones with the one they were joined into', async () => {
      const open = hold();
      submit('busy', update('z', corners(1)));
      for (const home of [1, 2, 3]) submit(`a${home}`, update('a', corners(home)));
      expect(fates).toEqual([]);
      expect(accounting.inFlight().count).toBe(4);
      open();
      await told(4);
      expect(store.saves).toHaveLength(2);
      expect(fates).toEqual([
        'busy applied/changed',
        'a1 superseded/newer-before-write',
        'a2 superseded/newer-before-write',
        'a3 applied/changed',
      ]);
      expect(accounting.balance()).toMatchObject({ applied: 2, superseded: 2, inFlight: 0 });
    });

    it('of one that nobody keeps a copy of is told when it is joined', async () => {
      const open = hold();
      submit('busy', update('z', corners(1)));
      submit('a1', update('a', corners(1)), false);
      submit('a2', update('a', corners(2)), false);
      expect(fates).toEqual(['a1 superseded/newer-before-write']);
      open();
      await told(3);
    });

    it.each<[string, (name: string) => void, string]>([
      ['no row', (id) => store.unknown.add(id), 'parked/no-row'],
      ['a row that refuses it', () => store.answers.push(sqlError('22P05')), 'dead/cannot-be-written'],
    ])('of details with %s', async (_what, prepare, fate) => {
      prepare('a');
      submit('a', update('a', corners(1)));
      await told(1);
      expect(fates).toEqual([`a ${fate}`]);
    });

    it('of an update with a score are counted elsewhere', async () => {
      const score = {
        status: 2,
        home: [1, 0, 0, 0, 0, 0, 0],
        away: [0, 0, 0, 0, 0, 0, 0],
        periodKickoffS: null,
      } as const;
      submit('a', update('a', { ...corners(1), score }));
      await told(1);
      expect(fates).toEqual(['a applied/changed']);
      expect(accounting.balance()).toMatchObject({ applied: 0, inFlight: 0 });
    });

    it('a letter sent again is older than what was heard since', async () => {
      const late = update('a', { ...corners(1), receivedAtMs: Date.now() - 60_000 });
      submit('news', update('a', corners(2)));
      accounting.received(1);
      writer.submit([late], { ...receipt('late'), waited: true });
      await told(2);
      expect(fates).toEqual(expect.arrayContaining(['late stale/older-provider-time', 'news applied/changed']));
    });

    it('what is unwritten at the end is told nothing, and is in flight', async () => {
      store.answers.push({ kind: 'busy' }, { kind: 'busy' });
      submit('a', update('a', corners(1)));
      await saved(1);
      await writer.beforeApplicationShutdown();
      submit('b', update('b', corners(1)));
      expect(fates).toEqual([]);
      expect(accounting.balance()).toMatchObject({ received: 2, inFlight: 2 });
    });

    it('every statement carries the fence; what is unwritten when the lease is lost is dropped', async () => {
      store.answers.push({ kind: 'saved', announced: [] }, { kind: 'busy' });
      submit('a', update('a', corners(1)));
      await saved(1);
      expect(store.fences).toEqual([7]);
      submit('b', update('b', corners(1)));
      await saved(2);
      submit('c', update('c', corners(1)));
      lease.lose();
      submit('d', update('d', corners(1)));
      await told(4);
      expect(fates.slice(1).sort()).toEqual(['b', 'c', 'd'].map((name) => `${name} stale/lease-lost`));
      expect(store.saves).toHaveLength(2);
      lease.take(8);
      submit('e', update('e', corners(1)));
      await told(5);
      expect([fates.at(-1), store.fences.at(-1)]).toEqual(['e applied/changed', 8]);
    });

    it('a match that is forgotten is not tried again: what is under way may still be written', async () => {
      const open = hold();
      store.answers.push({ kind: 'busy' });
      submit('a', update('m', corners(1)));
      submit('b', update('n', corners(1)));
      submit('c', update('m', corners(2)));
      expect([writer.holds('m'), writer.holds('n'), writer.holds('o')]).toEqual([true, true, false]);
      writer.forget('m');
      writer.forget('o');
      expect([fates, writer.holds('m')]).toEqual([['c dead/left-unwritten'], true]);
      open();
      await told(3);
      expect([fates.slice(1), store.saves.length, writer.holds('m')]).toEqual([
        ['a dead/left-unwritten', 'b applied/changed'],
        2,
        false,
      ]);
      expect(accounting.inFlight().count).toBe(0);
    });

    it('a lease lost between reading and writing: nothing is written', async () => {
      const open = hold();
      submit('a', update('a', corners(1)));
      lease.lose();
      open();
      await told(1);
      expect([fates, store.saves]).toEqual([['a stale/lease-lost'], []]);
    });

    it('the same term again changes nothing', async () => {
      const open = hold();
      submit('a', update('a', corners(1)));
      submit('b', update('b', corners(1)));
      lease.take(7);
      open();
      await told(2);
      expect(fates).toEqual(['a applied/changed', 'b applied/changed']);
    });
  });
});
