import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Acquisition, LeaseStore } from '../../src/lease/ports/lease-store.js';

/** A store with the rights of an operator beside it. */
export interface LeaseStoreHarness {
  readonly store: LeaseStore;
  /** the lease as the migration leaves it: never held */
  reset(): Promise<void>;
  /** the present term ends now */
  expire(): Promise<void>;
  /** deletes the row */
  remove(): Promise<void>;
  close(): Promise<void>;
}

const TTL_MS = 60_000;

/** What every lease store promises to the processes that want the feed. */
export function leaseStoreContract(name: string, open: () => Promise<LeaseStoreHarness>): void {
  describe(`${name} as a lease store`, () => {
    let harness: LeaseStoreHarness;
    let store: LeaseStore;

    beforeAll(async () => {
      harness = await open();
      store = harness.store;
    });
    beforeEach(() => harness.reset());
    afterAll(() => harness.close());

    async function acquired(holder: string, reclaim = false) {
      const answer: Acquisition = await store.acquire(holder, TTL_MS, reclaim);
      if (answer.kind !== 'acquired') throw new Error(`${holder} did not get the lease: ${JSON.stringify(answer)}`);
      return answer;
    }

    it('is free at first, then held, by the first who asks', async () => {
      const { fence, clientId } = await acquired('a');
      expect([fence, clientId]).toEqual([1, expect.stringMatching(/^livescore[0-9a-f]{12}$/)]);
      const answer = await store.acquire('b', TTL_MS, false);
      expect(answer).toEqual({ kind: 'held', holder: 'a', remainingMs: expect.any(Number) });
      if (answer.kind === 'held') expect(answer.remainingMs).toBeGreaterThan(TTL_MS / 2);
    });

    it('goes to one of many who ask at once', async () => {
      const answers = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => store.acquire(holder, TTL_MS, false)));
      expect(answers.filter(({ kind }) => kind === 'acquired')).toHaveLength(1);
    });

    it('may be taken when its term has ended: next fence, same client id', async () => {
      const first = await acquired('a');
      await harness.expire();
      const second = await acquired('b');
      expect(second).toEqual({ ...first, fence: 2 });
      expect(await store.renew('a', first.fence, TTL_MS)).toBe(false);
    });

    it('may be renewed after its end by the holder, as long as nobody took it', async () => {
      const { fence } = await acquired('a');
      await harness.expire();
      expect(await store.renew('a', fence, TTL_MS)).toBe(true);
      expect(await store.acquire('b', TTL_MS, false)).toMatchObject({ kind: 'held', holder: 'a' });
    });

    it('may be taken at once after a release, which no late renewal undoes', async () => {
      const { fence } = await acquired('a');
      await store.release('a', fence);
      expect(await store.renew('a', fence, TTL_MS)).toBe(false);
      expect((await acquired('b')).fence).toBe(2);
    });

    it('is neither renewed nor released by another name or an older fence', async () => {
      const { fence } = await acquired('a');
      await harness.expire();
      const second = await acquired('a');
      expect(await store.renew('b', second.fence, TTL_MS)).toBe(false);
      expect(await store.renew('a', fence, TTL_MS)).toBe(false);
      await store.release('a', fence);
      await store.release('b', second.fence);
      expect(await store.renew('a', second.fence, TTL_MS)).toBe(true);
    });

    it('is taken from the own name only by a process that starts', async () => {
      await acquired('a');
      expect(await store.acquire('a', TTL_MS, false)).toMatchObject({ kind: 'held', holder: 'a' });
      expect(await store.acquire('b', TTL_MS, true)).toMatchObject({ kind: 'held', holder: 'a' });
      expect((await acquired('a', true)).fence).toBe(2);
    });

    it('comes back with a higher fence when its row was deleted', async () => {
      const { fence } = await acquired('a');
      await harness.remove();
      expect(await store.renew('a', fence, TTL_MS)).toBe(false);
      await harness.remove();
      const answers = await Promise.all(['a', 'b'].map((holder) => store.acquire(holder, TTL_MS, false)));
      const [winner, ...others] = answers.filter(({ kind }) => kind === 'acquired');
      expect([winner, others]).toEqual([
        { kind: 'acquired', fence: expect.any(Number), clientId: expect.any(String) },
        [],
      ]);
      if (winner?.kind === 'acquired') expect(winner.fence).toBeGreaterThan(1_000_000_000_000);
    });
  });
}
