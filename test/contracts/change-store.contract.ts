import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangeStore, KeptChange } from '../../src/sync/ports/change-store.js';

export interface ChangeStoreHarness {
  readonly store: ChangeStore;
  /** in any order */
  kept(): Promise<readonly KeptChange[]>;
  /** Everything that is kept was seen so many days ago. */
  age(days: number): Promise<void>;
  close(): Promise<void>;
}

/** What every change store promises. */
export function changeStoreContract(name: string, open: () => Promise<ChangeStoreHarness>): void {
  describe(`change store: ${name}`, () => {
    let harness: ChangeStoreHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    const change = (updatedAtS: number | null, fate = 'kept', id = 's1'): KeptChange => ({
      type: 3,
      of: 'season',
      id,
      updatedAtS,
      fate,
    });

    it('keeps the newest per type and id, and rewrites nothing else', async () => {
      expect(await harness.store.keep([change(null)])).toBe(1);
      expect(await harness.store.keep([change(null, 'told')])).toBe(0);
      expect(await harness.store.keep([change(1_768_600_000)])).toBe(1);
      expect(await harness.store.keep([change(1_768_600_000, 'told')])).toBe(0);
      expect(await harness.store.keep([change(1_768_599_999, 'told')])).toBe(0);
      expect(await harness.store.keep([change(1_768_600_001, 'told'), { ...change(null), type: 4 }])).toBe(2);
      expect(await harness.kept()).toEqual(
        expect.arrayContaining([change(1_768_600_001, 'told'), { ...change(null), type: 4 }]),
      );
    });

    it('removes what is old, in batches', async () => {
      await harness.store.keep([change(null, 'kept', 'a')]);
      const count = (await harness.kept()).length;
      await harness.age(6);
      expect(await harness.store.prune(7, 10)).toBe(0);
      await harness.age(8);
      expect(await harness.store.prune(7, count - 1)).toBe(count - 1);
      expect(await harness.store.prune(7, count)).toBe(1);
      expect(await harness.kept()).toEqual([]);
    });

    it('keeps nothing of nothing', async () => {
      expect(await harness.store.keep([])).toBe(0);
    });
  });
}
