import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeletionStore } from '../../src/sync/ports/deletion-store.js';

export interface DeletionStoreHarness {
  readonly store: DeletionStore;
  isDeleted(entity: string, id: string): Promise<boolean>;
  /** A list named the id so many hours ago. */
  listed(entity: string, id: string, hoursAgo: number): Promise<void>;
  close(): Promise<void>;
}

/** What every deletion store promises. */
export function deletionStoreContract(name: string, open: () => Promise<DeletionStoreHarness>): void {
  describe(`deletion store: ${name}`, () => {
    let harness: DeletionStoreHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    it('marks an id once, and says which were not marked', async () => {
      expect(await harness.store.mark('team', ['b', 'a', 'b'], 25)).toEqual(['a', 'b']);
      expect(await harness.store.mark('team', ['a', 'c'], 25)).toEqual(['c']);
      expect(await harness.isDeleted('team', 'a')).toBe(true);
    });

    it('keeps entities apart', async () => {
      await harness.store.mark('coach', ['x'], 25);
      expect(await harness.isDeleted('player', 'x')).toBe(false);
      expect(await harness.store.mark('player', ['x'], 25)).toEqual(['x']);
    });

    it.each([
      [24, [], false],
      [26, ['again'], true],
    ])('an id that a list named again %d hours ago', async (hoursAgo, marked, isDeleted) => {
      await harness.store.mark('match', ['again'], 25);
      await harness.listed('match', 'again', hoursAgo);
      expect(await harness.store.mark('match', ['again'], 25)).toEqual(marked);
      expect(await harness.isDeleted('match', 'again')).toBe(isDeleted);
    });

    it('marks nothing for no ids', async () => {
      expect(await harness.store.mark('team', [], 25)).toEqual([]);
    });
  });
}
