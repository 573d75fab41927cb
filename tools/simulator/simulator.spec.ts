import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { scoreStoreContract } from '../../test/contracts/score-store.contract.js';
import { cases } from '../../test/support/long-form.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { DatabaseLink } from './database-link.js';
import { RealTimeGuard } from './real-time-guard.js';
import { simulate } from './simulate.js';
import { SimulatedDatabase } from './simulated-database.js';
import { SimulatedScoreStore } from './simulated-score-store.js';
import { Trace } from './trace.js';
import { type Owner, VirtualTime } from './virtual-time.js';

/**
 * The same worlds every time: what fails here fails everywhere. `npm run simulate` runs a million steps from a seed of
 * its own. SIMULATOR_SEED and SIMULATOR_STEPS choose another run here.
 */
const SEED = Number(process.env.SIMULATOR_SEED ?? 20_221_218);
const STEPS = Number(process.env.SIMULATOR_STEPS ?? cases(20_000, 100_000));
const ALIVE: Owner = { alive: true };

describe('the core in simulated worlds', () => {
  it(`keeps what it promises for ${STEPS} steps`, async () => {
    const result = await simulate(SEED, STEPS);
    expect(result.steps).toBeGreaterThanOrEqual(STEPS);
    expect(result.commits).toBeGreaterThan(0);
    expect(result.acknowledgements).toBeGreaterThan(result.commits / 2);
  }, 300_000);

  it('the same seed gives the same run', async () => {
    expect(await simulate(7, 2_000)).toEqual(await simulate(7, 2_000));
  });
});

describe('the guard against real time', () => {
  const guard = new RealTimeGuard();

  it.each([
    ['a timer', () => clearTimeout(setTimeout(() => {}, 0))],
    ['a turn of the event loop', () => clearImmediate(setImmediate(() => {}))],
    ['the date', () => Date.now()],
    ['today', () => new Date()],
    ['chance', () => Math.random()],
  ])('notes who uses %s', (_name, use) => {
    const own = new RealTimeGuard();
    own.watch();
    use();
    own.unwatch();
    expect(() => own.check()).toThrow('used in the simulation');
  });

  it('lets virtual time and dates of the past pass, and everything when it does not watch', async () => {
    guard.nowMs = () => 42;
    guard.watch();
    expect([performance.now(), new Date(0).getTime()]).toEqual([42, 0]);
    await guard.pause(async () => Date.now());
    guard.unwatch();
    Date.now();
    expect(() => guard.check()).not.toThrow();
  });
});

describe('in the simulation', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  const time = new VirtualTime();
  const database = new SimulatedDatabase();
  const weather = { latencyMs: 1, faultRate: 0, away: 'no' } as const;
  const link = new DatabaseLink(time, ALIVE, weather, new SeededRandom(1), new Trace());
  const store = new SimulatedScoreStore(database, link);
  /** Time goes on while somebody waits for the answer. */
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    while (time.runNext()) await Promise.resolve();
    return answer;
  };

  scoreStoreContract('the simulated database', async () => ({
    store: {
      load: (ids) => answered(store.load(ids)),
      findChanged: (states) => answered(store.findChanged(states)),
      findLive: () => answered(store.findLive()),
      acceptForeign: () => answered(store.acceptForeign()),
      write: (writes, fence) => answered(store.write(writes, fence)),
      writeApart: (write, fence) => answered(store.writeApart(write, fence)),
    },
    insert: async (matchId) => database.insert(matchId),
    remove: async (matchId) => database.remove(matchId),
    change: async (matchId, changes) => database.change(matchId, changes),
    setFence: async (fence) => {
      database.fence = fence;
    },
    lock: async (matchId) => {
      database.locked.add(matchId);
      return async () => void database.locked.delete(matchId);
    },
    journal: async (matchId) =>
      (database.journal.get(matchId) ?? []).map(({ epoch, version, source }) => ({ epoch, version, source })),
    close: async () => {},
  }));
});
