import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import { InMemoryScoreStore } from '../testing/index.js';

/** A match tells its next frame after each of these, and a goal in one of twenty. */
const FRAMES = 6_000;
const MATCHES = 60;
const GOAL_IN = 20;
/** Frames between two turns of the event loop: far more than the writer can write of them. */
const BURST = 2_000;

describe('a feed that says more than can be written', () => {
  let store: InMemoryScoreStore;
  let time: VirtualTime;
  let under: WriterUnderTest;
  const goals = new Map<string, number>();

  beforeEach(async () => {
    Logger.overrideLogger(false);
    store = new InMemoryScoreStore();
    time = new VirtualTime();
    under = await WriterUnderTest.on(store, {}, { scheduler: new VirtualScheduler(time, () => 0.5) });
    for (let n = 0; n < MATCHES; n++) {
      goals.set(`m${n}`, 0);
      store.insert(`m${n}`);
    }
  });

  afterEach(async () => {
    const stopped = under.stop();
    await pass(10_000);
    await stopped;
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      await time.advance(10);
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Frames of all matches, each of them as it was, some corners or a goal later. */
  async function tell(): Promise<void> {
    const random = new SeededRandom(7);
    for (let n = 0; n < FRAMES; n++) {
      const matchId = `m${random.below(MATCHES)}`;
      const before = goals.get(matchId) ?? 0;
      const now = before + (random.below(GOAL_IN) === 0 ? 1 : 0);
      goals.set(matchId, now);
      under.tell(matchId, {
        atS: T + n / 10,
        status: 2,
        home: slots(now, { corners: Math.floor(n / (FRAMES / 40)) }),
        away: slots(0),
        kickoffS: T,
      });
      if (n % BURST === 0) await pass(10);
    }
  }

  it('is conflated: each row ends right, no goal is taken back, and none is told twice', async () => {
    await tell();
    await pass(5_000);
    const written = [...goals.keys()].reduce((sum, matchId) => sum + (store.row(matchId)?.version ?? 0), 0);
    expect(written).toBeLessThan(FRAMES / 3);
    for (const [matchId, home] of goals) {
      expect([matchId, store.row(matchId)?.home[0], under.count(matchId, 'goal-cancelled')]).toEqual([
        matchId,
        home,
        0,
      ]);
      expect(under.count(matchId, 'goal')).toBeLessThanOrEqual(home);
    }
    expect(under.accounting.balance()).toMatchObject({ received: FRAMES, unaccounted: 0 });
  });
});
