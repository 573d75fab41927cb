import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { FakeLease } from '../../test/support/fake-lease.js';
import { slots, KICKOFF_S as T, toUpdate } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { cases } from '../../test/support/long-form.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import type { ScoreUpdate } from '../domain/decide.js';
import type { MatchState } from '../domain/match-state.js';
import type { Outcome } from '../domain/outcome.js';
import { type Cancel, SystemScheduler } from '../kernel/scheduler.js';
import { InMemoryScoreStore } from '../testing/index.js';

guardAgainstLeaks();

const IDS = ['a', 'b', 'late'] as const;

/** Pauses of the writer take a millisecond; its deadlines stay. */
class HastyScheduler extends SystemScheduler {
  override after(delayMs: number, action: () => void): Cancel {
    return super.after(delayMs < 1000 ? Math.min(delayMs, 1) : delayMs, action);
  }
}

const step = fc.record({
  what: fc.constantFrom(
    ...(['frame', 'frame', 'frame', 'frame', 'frame', 'again', 'again', 'letter', 'mention', 'back'] as const),
  ),
  id: fc.constantFrom(...IDS),
  goals: fc.nat(3),
  trouble: fc.constantFrom(
    ...(['none', 'none', 'none', 'lost', 'refused', 'away', 'load', 'locked', 'poison', 'foreign'] as const),
    ...(['held', 'row gone', 'row there', 'lease lost', 'lease taken', 'lease moved', 'fenced', 'drift'] as const),
  ),
  code: fc.constantFrom('57P01', 'ECONNRESET', '40P01', null),
  turns: fc.nat(4),
  healed: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** One frame that somebody keeps a copy of. */
interface Sent {
  readonly update: ScoreUpdate;
  readonly order: number;
  readonly foreignChanges: number;
  readonly fates: Outcome[];
  readonly replays: Outcome[];
}

/** Every report has corners of its own, so that a row says whose it is. */
const contentOf = ({ status, home, away }: Pick<MatchState, 'status' | 'home' | 'away'>) => `${status}:${home}:${away}`;

class Trial {
  readonly sent: Sent[] = [];
  readonly faults: unknown[] = [];
  private readonly lease = new FakeLease(1);
  private readonly foreignChanges = new Map<string, number>();
  /** number of the frame that said it last, by content */
  private readonly saidAt = new Map<string, number>();
  private readonly last = new Map<string, ScoreUpdate>();
  private fence = 1;
  private order = 0;
  private unlock: () => void = () => {};
  private release: () => void = () => {};

  private constructor(
    readonly store: InMemoryScoreStore,
    private readonly under: WriterUnderTest,
    lease: FakeLease,
  ) {
    this.lease = lease;
  }

  static async open(): Promise<Trial> {
    const store = new InMemoryScoreStore();
    store.insert('a');
    store.insert('b');
    const lease = new FakeLease(1);
    const under = await WriterUnderTest.on(store, {}, { lease, scheduler: new HastyScheduler() });
    return new Trial(store, under, lease);
  }

  async take(steps: readonly Step[]): Promise<void> {
    for (const one of steps) {
      if (one.healed) this.heal();
      this.makeTrouble(one);
      this.say(one);
      if (one.trouble === 'drift') void this.under.drift.round();
      expect(this.under.accounting.balance().unaccounted).toBe(0);
      for (let turn = 0; turn < one.turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      expect(this.under.accounting.balance().unaccounted).toBe(0);
    }
  }

  /** All troubles end; whatever is unwritten finds its fate. */
  async end(): Promise<void> {
    this.heal();
    for (const id of IDS) if (!this.store.row(id)) this.insert(id);
    await this.under.settled();
    // a cycle looks for rows of unknown matches once in 25 rounds
    for (let round = 0; round < 26; round++) await this.under.drift.round();
    await this.under.settled();
    expect(this.under.accounting.balance()).toMatchObject({ unaccounted: 0, inFlight: 0 });
  }

  close(): Promise<void> {
    return this.under.stop();
  }

  private heal(): void {
    this.store.heal('write');
    this.store.heal('load');
    this.unlock();
    this.release();
    for (const id of IDS) this.store.cure(id);
    if (this.lease.term?.fence !== this.fence) this.lease.take(this.fence);
  }

  private makeTrouble({ trouble, id, code, goals }: Step): void {
    const { store, lease } = this;
    const times = 1 + (goals % 2);
    switch (trouble) {
      case 'lost':
      case 'refused':
        store.fail('write', { code, takesEffect: trouble === 'lost', times });
        break;
      case 'away':
        store.fail('write', { code: 'ECONNREFUSED' });
        break;
      case 'load':
        store.fail('load', { code, times });
        break;
      case 'locked':
        this.unlock();
        this.unlock = store.lock(id);
        break;
      case 'held':
        this.release();
        this.release = store.hold(goals % 2 ? 'write' : 'load');
        break;
      case 'poison':
        store.poison(id, '22003');
        break;
      case 'foreign':
        if (store.row(id)) this.change(id, { version: (store.row(id)?.version ?? 0) + 1, away: slots(goals) });
        break;
      case 'row gone':
        this.changed(id);
        store.remove(id);
        break;
      case 'row there':
        if (!store.row(id)) this.insert(id);
        break;
      case 'lease lost':
        lease.lose();
        break;
      case 'lease taken':
      case 'lease moved':
        store.setFence(++this.fence);
        if (trouble === 'lease moved') lease.lose();
        lease.take(this.fence);
        break;
      case 'fenced':
        store.setFence(++this.fence);
        break;
    }
  }

  private say({ what, id, goals }: Step): void {
    const atS = T + ++this.order;
    const again = this.last.get(id);
    const status = what === 'back' ? (1 as const) : (2 as const);
    const home = slots(goals, { corners: this.order });
    const fresh: ScoreUpdate = { ...toUpdate({ atS, status, home, kickoffS: T }), matchId: id };
    this.under.clock.set(atS * 1000);
    const update = what === 'again' && again ? { ...again, receivedAtMs: atS * 1000 } : fresh;
    this.saidAt.set(`${id}:${contentOf(update.score)}`, this.order);
    if (what === 'mention') {
      this.under.submit(update);
      return;
    }
    if (what === 'letter') this.send({ ...update, receivedAtMs: (atS - 3) * 1000 }, true);
    else this.send(update, false);
    if (what === 'frame') this.last.set(id, update);
  }

  private send(update: ScoreUpdate, waited: boolean): void {
    const { order } = this;
    const sent: Sent = { update, order, foreignChanges: this.changesOf(update.matchId), fates: [], replays: [] };
    this.sent.push(sent);
    this.under.submit(update, {
      awaitsCommit: true,
      waited,
      concluded: (_, outcome) => {
        sent.fates.push(outcome);
        this.noteFault(() => this.checkCommitted(sent, outcome));
      },
      replayed: (_, outcome) => {
        sent.replays.push(outcome);
        this.noteFault(() => this.checkCommitted(sent, outcome));
      },
    });
  }

  /** A receipt that throws is caught by the writer: what it finds is looked at in the end. */
  private noteFault(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.faults.push(error);
    }
  }

  /** At the moment of telling: is it in the database? */
  private checkCommitted({ update, order, foreignChanges }: Sent, { kind }: Outcome): void {
    const { matchId, score } = update;
    const committed = this.store.journal.filter((entry) => entry.matchId === matchId).map(({ after }) => after);
    if (kind === 'applied') expect(committed.map(contentOf)).toContain(contentOf(score));
    // its effect is there, or that of a newer one which took its place
    if (kind === 'duplicate' || (kind === 'superseded' && this.changesOf(matchId) === foreignChanges)) {
      const newest = Math.max(...committed.map((state) => this.saidAt.get(`${matchId}:${contentOf(state)}`) ?? 0), 0);
      expect(newest).toBeGreaterThanOrEqual(order);
    }
  }

  private change(id: string, changes: Partial<MatchState>): void {
    this.changed(id);
    this.store.change(id, changes);
  }

  private insert(id: string): void {
    this.changed(id);
    this.store.insert(id);
  }

  private changed(id: string): void {
    this.foreignChanges.set(id, this.changesOf(id) + 1);
  }

  private changesOf(id: string): number {
    return this.foreignChanges.get(id) ?? 0;
  }
}

let log: jest.SpiedFunction<Logger['error']>[];
beforeAll(() => {
  log = (['error', 'warn'] as const).map((level) => jest.spyOn(Logger.prototype, level).mockImplementation(() => {}));
});
afterAll(() => {
  for (const spy of log) spy.mockRestore();
});

it('whatever fails: each receipt is told once, never before the commit of what it stands for; the books balance', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const trial = await Trial.open();
      try {
        await trial.take(steps);
        await trial.end();
        expect(trial.faults).toEqual([]);
        for (const { update, fates, replays } of trial.sent) {
          expect([update.matchId, fates.length, replays.length <= 1]).toEqual([update.matchId, 1, true]);
          if (replays.length > 0) expect(fates[0]?.kind).toBe('parked');
        }
      } finally {
        await trial.close();
      }
    }),
    { numRuns: cases(50, 150) },
  );
});
