import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { BehaviorSubject } from 'rxjs';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import type { DeadLetter } from '../contracts/dead-letter-sink.js';
import { IngestLease, type LeaseTerm } from '../contracts/ingest-lease.js';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { APPLIED, DEAD, DUPLICATE, FENCED, UNKNOWN_MATCH } from '../domain/outcomes.js';
import { Accounting } from '../kernel/accounting.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { InMemoryDeadLetterStore } from '../testing/in-memory-dead-letter-store.js';
import { DeadLetterKeeper } from './dead-letter-keeper.js';
import { resolveDeadLettersOptions } from './dead-letters.options.js';
import { LetterAttempts } from './letter-attempts.js';
import { LetterRedrive } from './letter-redrive.js';
import { ParkedReplay } from './parked-replay.js';

const NOW_MS = 1_700_000_000_000;
const tuple = (matchId: string) => [matchId, 2, [1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], 1_699_999_000];

/** Gives every update the outcome scripted for its match; without one it stays unanswered. */
class ScriptedSink extends UpdateSink {
  readonly outcomes = new Map<string, Outcome>();
  readonly submitted: { readonly update: MatchUpdate; readonly receipt: Receipt | undefined }[] = [];

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    for (const update of updates) {
      this.submitted.push({ update, receipt });
      const outcome = this.outcomes.get(update.matchId);
      if (outcome) receipt?.concluded(update, outcome);
    }
  }

  /** The second fate of a parked update. */
  replay(matchId: string, outcome: Outcome): void {
    for (const { update, receipt } of this.submitted) {
      if (update.matchId === matchId) receipt?.replayed?.(update, outcome);
    }
  }

  get matches(): readonly string[] {
    return this.submitted.map(({ update }) => update.matchId);
  }
}

class FakeLease extends IngestLease {
  readonly terms$ = new BehaviorSubject<LeaseTerm | null>(null);
  confirmed = false;
  override get term(): LeaseTerm | null {
    return this.terms$.value;
  }
  override doubt(): void {}
}

const letterOf = (changes: Partial<DeadLetter>): DeadLetter => ({
  reason: 'malformed',
  detail: null,
  matchId: null,
  topic: 't',
  payload: Buffer.from('{'),
  receivedAtMs: NOW_MS - 1_000,
  ...changes,
});

const about = (reason: DeadLetter['reason'], ...matchIds: string[]): DeadLetter =>
  letterOf({ reason, matchId: matchIds[0] ?? null, payload: Buffer.from(JSON.stringify(matchIds.map(tuple))) });

describe('dead letters tried again', () => {
  let time: VirtualTime;
  let store: InMemoryDeadLetterStore;
  let sink: ScriptedSink;
  let metrics: LiveScoreMetrics;
  let accounting: Accounting;
  let keeper: DeadLetterKeeper;
  let replay: ParkedReplay;
  let redrive: LetterRedrive;

  const assemble = (lease?: FakeLease) => {
    const [clock, scheduler, options] = [
      new VirtualClock(time),
      new VirtualScheduler(time),
      resolveDeadLettersOptions(),
    ];
    keeper = new DeadLetterKeeper(store, clock, scheduler, metrics, options);
    const attempts = new LetterAttempts(sink, keeper, accounting, scheduler);
    replay = new ParkedReplay(store, attempts, options, clock, scheduler, lease);
    redrive = new LetterRedrive(store, attempts, options, metrics, scheduler, lease);
  };
  const settle = (ms = 0) => time.advance(ms);
  const left = () => store.letters.map(({ matchId, detail }) => [matchId, detail]);
  const results = async () =>
    Object.fromEntries(
      (await metrics.deadLettersRedriven.get()).values.map(({ labels, value }) => [labels.result, value]),
    );

  beforeEach(() => {
    Logger.overrideLogger(false);
    time = new VirtualTime();
    store = new InMemoryDeadLetterStore();
    sink = new ScriptedSink();
    metrics = new LiveScoreMetrics();
    accounting = new Accounting();
    assemble();
  });
  afterEach(async () => {
    replay.onModuleDestroy();
    redrive.onModuleDestroy();
    await keeper.onApplicationShutdown();
    await settle();
    expect(time.waiting).toBe(0);
    Logger.overrideLogger(true);
  });

  describe('the replay of parked updates', () => {
    it('submits what the letter holds about its match, with its time of receipt, as something that waited', async () => {
      await store.insert([about('unknown-match', 'm1', 'm2')]);
      sink.outcomes.set('m1', APPLIED);
      replay.onApplicationBootstrap();
      await settle();
      expect(sink.matches).toEqual(['m1']);
      expect(sink.submitted[0]).toMatchObject({
        update: { receivedAtMs: NOW_MS - 1_000, source: 'mqtt', delivery: 'push', requestedAtMs: null },
        receipt: { awaitsCommit: true, waited: true },
      });
      expect([left(), accounting.balance().received]).toEqual([[], 1]);
    });

    it('submits few letters at a time, and the next ones when those are judged or 100 ms later', async () => {
      const matchIds = Array.from({ length: 50 }, (_, n) => `m${n}`);
      for (const matchId of matchIds) await store.insert([about('unknown-match', matchId)]);
      for (const matchId of matchIds.slice(0, 20)) sink.outcomes.set(matchId, APPLIED);
      replay.onApplicationBootstrap();
      await settle();
      expect(sink.submitted).toHaveLength(40);
      await settle(99);
      expect(sink.submitted).toHaveLength(40);
      await settle(1);
      expect(sink.matches).toEqual(matchIds);
      for (const { update, receipt } of sink.submitted.slice(20)) receipt?.concluded(update, APPLIED);
      await settle(100);
      expect(left()).toEqual([]);
    });

    it('submits few of large letters at a time', async () => {
      const matchIds = ['m1', 'm2', 'm3'];
      for (const matchId of matchIds) {
        const payload = Buffer.from(`${JSON.stringify([tuple(matchId)])}${' '.repeat(40_000)}`);
        await store.insert([letterOf({ reason: 'unknown-match', matchId, payload })]);
      }
      replay.onApplicationBootstrap();
      await settle();
      expect(sink.matches).toEqual(['m1', 'm2']);
      await settle(100);
      expect(sink.matches).toEqual(matchIds);
      for (const { update, receipt } of sink.submitted) receipt?.concluded(update, APPLIED);
      await settle(100);
      expect(left()).toEqual([]);
    });

    it('leaves letters whose match has no row yet, until it appears', async () => {
      await store.insert([about('unknown-match', 'm1'), about('unknown-match', 'm2')]);
      sink.outcomes.set('m1', UNKNOWN_MATCH).set('m2', UNKNOWN_MATCH);
      replay.onApplicationBootstrap();
      await settle();
      expect(store.letters).toHaveLength(2);
      sink.replay('m1', DUPLICATE);
      sink.replay('m2', FENCED);
      await settle();
      expect(left()).toEqual([['m2', null]]);
    });

    it('leaves letters that could not be written, or were refused for want of the lease', async () => {
      await store.insert([about('unknown-match', 'm1'), about('unknown-match', 'm2')]);
      sink.outcomes.set('m1', DEAD).set('m2', FENCED);
      replay.onApplicationBootstrap();
      await settle();
      expect(store.letters).toHaveLength(2);
    });

    it('leaves letters of other reasons and of the day before yesterday', async () => {
      await store.insert([
        about('cannot-be-written', 'm1'),
        { ...about('unknown-match', 'm2'), receivedAtMs: NOW_MS - 24 * 3_600_000 - 1 },
      ]);
      replay.onApplicationBootstrap();
      await settle();
      expect(sink.submitted).toEqual([]);
    });

    it('goes on after a page that is not judged in time', async () => {
      await store.insert(Array.from({ length: 201 }, (_, n) => about('unknown-match', `m${n}`)));
      replay.onApplicationBootstrap();
      await settle(9_000);
      expect(sink.submitted).toHaveLength(200);
      await settle(2_000);
      expect(sink.submitted).toHaveLength(201);
      for (const { update, receipt } of sink.submitted) receipt?.concluded(update, APPLIED);
      await settle();
      expect(store.letters).toEqual([]);
    });

    it('waits for the database', async () => {
      await store.insert([about('unknown-match', 'm1')]);
      store.fail({ code: '57P01', times: 4 });
      sink.outcomes.set('m1', APPLIED);
      replay.onApplicationBootstrap();
      await settle(5_000);
      expect(store.letters).toEqual([]);
    });

    it('happens in every term of ours, once, and not while standing by', async () => {
      const lease = new FakeLease();
      assemble(lease);
      await store.insert([about('unknown-match', 'm1')]);
      sink.outcomes.set('m1', UNKNOWN_MATCH);
      replay.onApplicationBootstrap();
      await settle();
      expect(sink.submitted).toHaveLength(0);
      for (const fence of [1, 1, null, 2]) {
        lease.terms$.next(fence === null ? null : { fence, clientId: 'c' });
        await settle();
      }
      expect(sink.submitted).toHaveLength(2);
    });
  });

  describe('the redrive', () => {
    const drive = async (...letters: DeadLetter[]) => {
      await store.insert(letters);
      store.mark(...store.letters.map(({ id }) => id));
      redrive.onApplicationBootstrap();
      await settle(2_000);
    };

    it('takes marked letters and discards those whose updates are all settled', async () => {
      sink.outcomes.set('m1', APPLIED).set('m2', DUPLICATE);
      await drive(about('cannot-be-written', 'm1'), letterOf({ payload: Buffer.from(JSON.stringify([tuple('m2')])) }));
      expect(store.letters).toEqual([]);
      expect(await results()).toEqual({ settled: 2 });
      expect(accounting.balance().received).toBe(2);
    });

    it('keeps the others, says why, and counts the attempt', async () => {
      sink.outcomes.set('m1', DEAD).set('m2', UNKNOWN_MATCH).set('m3', FENCED).set('m4', APPLIED);
      await drive(
        about('cannot-be-written', 'm1'),
        about('cannot-be-written', 'm2'),
        about('cannot-be-written', 'm3'),
        letterOf({ detail: 'message:scalar' }),
        about('cannot-be-written', 'absent', 'm4'),
        letterOf({ matchId: 'm9', payload: Buffer.from('[]') }),
        letterOf({ payload: Buffer.from(JSON.stringify([tuple('m4'), ['short', 2]])) }),
      );
      await settle(30_000);
      expect(store.letters.map(({ matchId, detail, redrives }) => [matchId, detail, redrives])).toEqual([
        ['m1', 'dead/cannot-be-written', 1],
        ['m2', 'parked/no-row', 1],
        ['m3', 'stale/lease-lost', 1],
        [null, 'message:not-json', 1],
        ['absent', 'not judged in time', 1],
        ['m9', 'message:nothing-about-the-match', 1],
        [null, 'score:short-tuple', 1],
      ]);
      expect(await results()).toEqual({ dead: 1, parked: 1, 'lease-lost': 1, malformed: 3, unanswered: 1 });
      sink.replay('m2', APPLIED);
      for (const { update, receipt } of sink.submitted)
        if (update.matchId === 'absent') receipt?.concluded(update, APPLIED);
      await settle();
      expect(store.letters.map(({ matchId }) => matchId)).toEqual(['m1', 'm3', null, 'm9', null]);
    });

    it('is left to the holder of the lease', async () => {
      const lease = new FakeLease();
      assemble(lease);
      sink.outcomes.set('m1', APPLIED);
      await drive(about('cannot-be-written', 'm1'));
      await settle(10_000);
      expect(store.letters).toHaveLength(1);
      lease.confirmed = true;
      await settle(2_000);
      expect(store.letters).toHaveLength(0);
    });

    it('goes on after an outage', async () => {
      sink.outcomes.set('m1', APPLIED);
      await store.insert([about('cannot-be-written', 'm1')]);
      store.mark('1');
      store.fail({ code: '57P01', times: 3 });
      redrive.onApplicationBootstrap();
      await settle(8_000);
      expect(store.letters).toEqual([]);
    });
  });
});
