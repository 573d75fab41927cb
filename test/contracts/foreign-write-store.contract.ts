import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ForeignWrite, ForeignWriteStore } from '../../src/foreign-writers/ports/foreign-write-store.js';
import type { ForeignWriterMode } from '../../src/foreign-writers/ports/foreign-writers.js';

export interface ForeignWriteStoreHarness {
  readonly store: ForeignWriteStore;
  insert(matchId: string): Promise<void>;
  /** holds the row's lock until the answer is called */
  lock(matchId: string): Promise<() => Promise<void>>;
  setMode(mode: ForeignWriterMode): Promise<void>;
  /** what the trigger notes of a foreign write */
  note(write: ForeignWrite): Promise<void>;
  traces(): Promise<number>;
  /** the store's clock moves on, or its protections end as if it had */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** What every store of foreign writes promises. */
export function foreignWriteStoreContract(name: string, open: () => Promise<ForeignWriteStoreHarness>): void {
  describe(`${name} as the store of foreign writes`, () => {
    let harness: ForeignWriteStoreHarness;
    let store: ForeignWriteStore;
    beforeAll(async () => {
      harness = await open();
      ({ store } = harness);
    });
    afterAll(() => harness.close());

    const write = (matchId: string): ForeignWrite => ({
      matchId,
      mode: 'observe',
      result: 'passed',
      before: { status: 4, home: [1, 0, 0, 0, 0, 0, 0], away: null },
    });

    it('is off until somebody sets a mode', async () => {
      expect(await store.read(10)).toEqual({ mode: 'off', authorities: null, writes: [] });
      await harness.setMode('protect');
      expect((await store.read(10)).mode).toBe('protect');
    });

    it('names the authorities for the trigger', async () => {
      await store.nameAuthorities(['desk']);
      expect((await store.read(10)).authorities).toEqual(['desk']);
      await store.nameAuthorities([]);
      expect((await store.read(10)).authorities).toEqual([]);
    });

    it('hands out every trace once, oldest first, at most so many', async () => {
      for (const id of ['a', 'b', 'c']) await harness.note(write(id));
      expect((await store.read(2)).writes).toEqual([write('a'), write('b')]);
      expect((await store.read(2)).writes).toEqual([write('c')]);
      expect((await store.read(2)).writes).toEqual([]);
    });

    it('prunes told traces beyond the newest ones', async () => {
      await harness.note(write('untold'));
      await store.prune(2);
      expect(await harness.traces()).toBe(2);
      expect((await store.read(9)).writes).toEqual([write('untold')]);
      await store.prune(0);
      expect(await harness.traces()).toBe(0);
    });

    it('protects rows that exist and are free, and never shortens that', async () => {
      for (const id of ['p1', 'p2', 'p3']) await harness.insert(id);
      const unlock = await harness.lock('p2');
      await store.protect(['p1', 'p2', 'missing'], 2 * HOUR_MS);
      await unlock();
      await store.protect(['p1', 'p3'], HOUR_MS);
      expect([...(await store.protectedMatches())].sort()).toEqual(['p1', 'p3']);
      await harness.pass(1.5 * HOUR_MS);
      expect(await store.protectedMatches()).toEqual(['p1']);
    });

    it('says which rows are protected still because somebody has locked them', async () => {
      await harness.insert('u1');
      await harness.insert('u2');
      await store.protect(['u1', 'u2'], HOUR_MS);
      const unlock = await harness.lock('u2');
      expect(await store.unprotect(['u1', 'u2', 'p2'])).toEqual(['u2']);
      await unlock();
      expect(await store.unprotect(['u2'])).toEqual([]);
      expect(await store.protectedMatches()).not.toContain('u2');
    });
  });
}
