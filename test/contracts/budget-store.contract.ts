import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyBudget } from '../../src/provider/budget-state.js';
import type { BudgetStore } from '../../src/provider/ports/budget-store.js';

/** A store with the rights of an operator beside it. */
export interface BudgetStoreHarness {
  readonly store: BudgetStore;
  /** nothing is stored */
  reset(): Promise<void>;
  /** what is stored is replaced by this JSON */
  overwrite(json: string): Promise<void>;
  close(): Promise<void>;
}

/** What every store of the budget promises to the instances that share it. */
export function budgetStoreContract(name: string, open: () => Promise<BudgetStoreHarness>): void {
  describe(`${name} as a store of the budget`, () => {
    let harness: BudgetStoreHarness;
    let store: BudgetStore;

    beforeAll(async () => {
      harness = await open();
      store = harness.store;
    });
    beforeEach(() => harness.reset());
    afterAll(() => harness.close());

    const full = {
      ...emptyBudget(2.25, 1_766_242_949_123.5),
      pause: { fromMs: 1, untilMs: 2 },
      inARow: 3,
      passed: { recovery: 0, live: 1, schedule: 2, catalogue: 3 },
      windows: { '/e minute': { lengthMs: 60_000, slots: [[5, 1.5] as const] } },
      seen: { a: { atMs: 7, waits: { live: { sinceMs: 6, untilMs: 9 } } } },
    };

    it('is empty at first, and tells the time all the same', async () => {
      const { state, version, nowMs } = await store.read();
      expect([state, version]).toEqual([null, 0]);
      expect(nowMs).toBeGreaterThan(1_000_000_000_000);
      expect((await store.read()).nowMs).toBeGreaterThanOrEqual(nowMs);
    });

    it('keeps a state as it is, with the next version', async () => {
      expect(await store.compareAndSet(0, full)).toBe(true);
      expect(await store.read()).toMatchObject({ state: full, version: 1 });
      expect(await store.compareAndSet(1, emptyBudget(5, 1))).toBe(true);
      expect(await store.read()).toMatchObject({ state: emptyBudget(5, 1), version: 2 });
    });

    it('changes nothing for whoever read an older version, or none', async () => {
      await store.compareAndSet(0, full);
      await store.compareAndSet(1, full);
      for (const version of [0, 1, 3]) expect(await store.compareAndSet(version, emptyBudget(5, 1))).toBe(false);
      expect(await store.read()).toMatchObject({ state: full, version: 2 });
    });

    it.each([0, 1])('lets one of many win at version %i', async (version) => {
      if (version === 1) await store.compareAndSet(0, full);
      const won = await Promise.all([1, 2, 3, 4].map((tokens) => store.compareAndSet(version, emptyBudget(tokens, 1))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.read()).toMatchObject({ version: version + 1, state: { tokens: won.indexOf(true) + 1 } });
    });

    it.each(['5', '[]', '{}', '{"tokens":-1,"atMs":1}', '{"tokens":"5","atMs":1}'])(
      'finds no state in %s, and can be written again',
      async (json) => {
        await store.compareAndSet(0, full);
        await harness.overwrite(json);
        const { state, version } = await store.read();
        expect([state, version]).toEqual([null, 1]);
        expect(await store.compareAndSet(version, full)).toBe(true);
      },
    );

    it('takes of a state that somebody changed by hand what can be understood', async () => {
      await store.compareAndSet(0, full);
      const broken = {
        ...full,
        windows: { ...full.windows, x: { lengthMs: 0, slots: [] }, y: 5 },
        seen: [],
        inARow: 'x',
      };
      await harness.overwrite(JSON.stringify({ ...broken, passed: null, pause: { fromMs: 'x' } }));
      const passed = emptyBudget(0, 0).passed;
      expect((await store.read()).state).toEqual({ ...full, seen: {}, inARow: 0, pause: null, passed });
    });
  });
}
