import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CountedScore } from '../../src/domain/incident-list.js';
import type {
  DetailParts,
  DetailsChange,
  DetailsStore,
  StoredDetails,
} from '../../src/match-details/ports/details-store.js';

export interface DetailsStoreHarness {
  readonly store: DetailsStore;
  /** a row without documents, with this score or none */
  insert(matchId: string, score?: CountedScore): Promise<void>;
  withdrawn(matchId: string): Promise<readonly unknown[]>;
  /** holds the row's lock until the answer is called */
  lock(matchId: string): Promise<() => Promise<void>>;
  setFence(fence: number): Promise<void>;
  close(): Promise<void>;
}

const ALL: DetailParts = { statistics: true, incidents: true, commentary: true };
const INCIDENTS: DetailParts = { statistics: false, incidents: true, commentary: false };
const CARD = { type: 3, position: 2, time: 40 };

/** What every store of statistics, incidents and commentary promises. */
export function detailsStoreContract(name: string, open: () => Promise<DetailsStoreHarness>): void {
  describe(`${name} as the store of details`, () => {
    let harness: DetailsStoreHarness;
    let matchId = '';
    let count = 0;
    beforeAll(async () => {
      harness = await open();
    });
    beforeEach(async () => {
      matchId = `d${++count}`;
      await harness.insert(matchId);
    });
    afterAll(() => harness.close());

    const load = async (parts: DetailParts = ALL): Promise<StoredDetails> => {
      const stored = await harness.store.load(matchId, parts);
      if (!stored) throw new Error(`No row ${matchId}`);
      return stored;
    };
    const change = (fingerprint: string, more: Partial<DetailsChange> = {}): DetailsChange => ({
      matchId,
      parts: ALL,
      fingerprint,
      announce: [],
      ...more,
    });

    it('knows no match without a row', async () => {
      expect(await harness.store.load('missing', ALL)).toBeNull();
      expect(await harness.store.save(change('0', { matchId: 'missing' }))).toEqual({ kind: 'busy' });
    });

    it('writes the documents that are given and leaves the others as they are', async () => {
      const statistics = { corners: { home: 5, away: 3 } };
      const saved = { kind: 'saved', announced: [] };
      expect(await harness.store.save(change((await load()).fingerprint, { statistics, incidents: [] }))).toEqual(
        saved,
      );
      const commentary = [{ data: 'off we go' }];
      expect(await harness.store.save(change((await load()).fingerprint, { commentary }))).toEqual(saved);
      expect(await load()).toMatchObject({ statistics, incidents: [], commentary });
      expect(await load(INCIDENTS)).toMatchObject({ statistics: null, incidents: [], commentary: null });
    });

    it('refuses documents that were made from others than are stored', async () => {
      const { fingerprint } = await load();
      await harness.store.save(change(fingerprint, { incidents: [CARD] }));
      expect(await harness.store.save(change(fingerprint, { incidents: [] }))).toEqual({ kind: 'busy' });
      const other = (await load(INCIDENTS)).fingerprint;
      await harness.store.save(change((await load()).fingerprint, { statistics: {} }));
      expect(await harness.store.save(change(other, { parts: INCIDENTS, incidents: [] }))).toMatchObject({
        kind: 'saved',
      });
    });

    it('reads the counts of the row along with the incidents, and nothing that is no count', async () => {
      const score: CountedScore = { home: [2, 1, 0, 1, 4, 0, 0], away: [0, 0, 0, 0, 0, 0, 0] };
      await harness.insert('counted', score);
      expect(await harness.store.load('counted', ALL)).toMatchObject({ score });
      expect(await harness.store.load('counted', { ...ALL, incidents: false })).toMatchObject({ score: null });
      expect((await load()).score).toBeNull();
    });

    it('keeps withdrawn incidents apart, in the commit that takes them off the list', async () => {
      await harness.store.save(change((await load()).fingerprint, { incidents: [CARD] }));
      expect(await harness.store.save(change('0', { incidents: [], withdrawn: [CARD] }))).toEqual({ kind: 'busy' });
      expect(await harness.withdrawn(matchId)).toEqual([]);
      await harness.store.save(change((await load()).fingerprint, { incidents: [], withdrawn: [CARD] }));
      expect(await harness.withdrawn(matchId)).toEqual([CARD]);
      expect((await load()).incidents).toEqual([]);
    });

    it('tells once per match which incidents nobody had announced before', async () => {
      const announce = async (...keys: string[]) => {
        const { fingerprint } = await load();
        return harness.store.save(change(fingerprint, { incidents: [CARD], announce: keys }));
      };
      expect(await announce('a', 'b')).toEqual({ kind: 'saved', announced: ['a', 'b'] });
      expect(await announce('b', 'c')).toEqual({ kind: 'saved', announced: ['c'] });
      expect(await harness.store.save(change('0', { announce: ['z'] }))).toEqual({ kind: 'busy' });
      expect(await announce('z')).toEqual({ kind: 'saved', announced: ['z'] });
    });

    it('never waits for a locked row', async () => {
      const { fingerprint } = await load();
      const unlock = await harness.lock(matchId);
      expect(await harness.store.save(change(fingerprint, { incidents: [] }))).toEqual({ kind: 'busy' });
      await unlock();
      expect(await harness.store.save(change(fingerprint, { incidents: [] }))).toMatchObject({ kind: 'saved' });
    });

    it('writes nothing for a lease that has a higher fence by now', async () => {
      await harness.setFence(5);
      const { fingerprint } = await load();
      expect(await harness.store.save(change(fingerprint, { incidents: [] }), 4)).toEqual({ kind: 'busy' });
      expect(await harness.store.save(change(fingerprint, { incidents: [] }), 5)).toMatchObject({ kind: 'saved' });
    });
  });
}
