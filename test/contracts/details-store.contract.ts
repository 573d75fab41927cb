import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CountedScore, IncidentNews } from '../../src/domain/incident-list.js';
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
  /** what the announced incidents of the match told, oldest first; null where nothing was given */
  news(matchId: string): Promise<readonly unknown[]>;
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

    const loadOf = async (id: string, parts: DetailParts = ALL): Promise<StoredDetails> => {
      const stored = (await harness.store.load([{ matchId: id, parts }])).get(id);
      if (!stored) throw new Error(`No row ${id}`);
      return stored;
    };
    const load = (parts: DetailParts = ALL): Promise<StoredDetails> => loadOf(matchId, parts);
    /** The newly announced keys of one change; null when it was left out. */
    const save = async (change: DetailsChange, fence?: number) =>
      (await harness.store.save([change], fence)).get(change.matchId) ?? null;
    const change = (fingerprint: string, more: Partial<DetailsChange> = {}): DetailsChange => ({
      matchId,
      parts: ALL,
      fingerprint,
      announce: [],
      ...more,
    });

    it('knows no match without a row', async () => {
      expect(await harness.store.load([{ matchId: 'missing', parts: ALL }])).toEqual(new Map());
      expect(await save(change('0', { matchId: 'missing' }))).toBeNull();
    });

    it('writes the documents that are given and leaves the others as they are', async () => {
      const statistics = { corners: { home: 5, away: 3 } };
      const saved: readonly string[] = [];
      expect(await save(change((await load()).fingerprint, { statistics, incidents: [] }))).toEqual(saved);
      const commentary = [{ data: 'off we go' }];
      expect(await save(change((await load()).fingerprint, { commentary }))).toEqual(saved);
      expect(await load()).toMatchObject({ statistics, incidents: [], commentary });
      expect(await load(INCIDENTS)).toMatchObject({ statistics: null, incidents: [], commentary: null });
    });

    it('refuses documents that were made from others than are stored', async () => {
      const { fingerprint } = await load();
      await save(change(fingerprint, { incidents: [CARD] }));
      expect(await save(change(fingerprint, { incidents: [] }))).toBeNull();
      const other = (await load(INCIDENTS)).fingerprint;
      await save(change((await load()).fingerprint, { statistics: {} }));
      expect(await save(change(other, { parts: INCIDENTS, incidents: [] }))).not.toBeNull();
    });

    it('reads the counts of the row along with the incidents, and nothing that is no count', async () => {
      const score: CountedScore = { home: [2, 1, 0, 1, 4, 0, 0], away: [0, 0, 0, 0, 0, 0, 0] };
      await harness.insert('counted', score);
      expect(await loadOf('counted')).toMatchObject({ score });
      expect(await loadOf('counted', { ...ALL, incidents: false })).toMatchObject({ score: null });
      expect((await load()).score).toBeNull();
    });

    it('keeps withdrawn incidents apart, in the commit that takes them off the list', async () => {
      await save(change((await load()).fingerprint, { incidents: [CARD] }));
      expect(await save(change('0', { incidents: [], withdrawn: [CARD] }))).toBeNull();
      expect(await harness.withdrawn(matchId)).toEqual([]);
      await save(change((await load()).fingerprint, { incidents: [], withdrawn: [CARD] }));
      expect(await harness.withdrawn(matchId)).toEqual([CARD]);
      expect((await load()).incidents).toEqual([]);
    });

    it('tells once per match which incidents nobody had announced before', async () => {
      const announce = async (...keys: string[]) => {
        const { fingerprint } = await load();
        return save(change(fingerprint, { incidents: [CARD], announce: keys }));
      };
      expect(await announce('a', 'b')).toEqual(['a', 'b']);
      expect(await announce('b', 'c')).toEqual(['c']);
      expect(await save(change('0', { announce: ['z'] }))).toBeNull();
      expect(await announce('z')).toEqual(['z']);
    });

    it('reads and writes many matches in one statement each, and leaves out those that are locked, changed or gone', async () => {
      const [free, locked, changed] = ['free', 'locked', 'changed'].map((name) => `${matchId}-${name}`) as [
        string,
        string,
        string,
      ];
      for (const id of [free, locked, changed]) await harness.insert(id);
      await save(change((await loadOf(free)).fingerprint, { matchId: free, incidents: [CARD], announce: ['a'] }));
      const wanted = [free, locked, changed, 'missing'].map((id) => ({
        matchId: id,
        parts: id === locked ? INCIDENTS : ALL,
      }));
      const stored = await harness.store.load(wanted);
      expect([...stored.keys()].sort()).toEqual([changed, free, locked].sort());
      expect(stored.get(free)).toMatchObject({ incidents: [CARD], statistics: null });
      await save(change((await loadOf(changed)).fingerprint, { matchId: changed, statistics: {} }));
      const unlock = await harness.lock(locked);
      const changes = wanted.map(({ matchId: id, parts }) =>
        change(stored.get(id)?.fingerprint ?? '0', {
          matchId: id,
          parts,
          incidents: [],
          withdrawn: [CARD],
          announce: ['a', 'b'],
        }),
      );
      expect(await harness.store.save(changes)).toEqual(new Map([[free, ['b']]]));
      expect(await harness.withdrawn(free)).toEqual([CARD]);
      expect(await harness.withdrawn(locked)).toEqual([]);
      await unlock();
      const later = changes.filter((one) => one.matchId === locked);
      expect(await harness.store.save(later)).toEqual(new Map([[locked, ['a', 'b']]]));
    });

    it('keeps what an incident told beside its key, as it was told first', async () => {
      const announce = async (key: string, ...news: readonly IncidentNews[]) => {
        const { fingerprint } = await load();
        return save(change(fingerprint, { incidents: [CARD], announce: [key], news }));
      };
      const corrected = { before: CARD, after: { ...CARD, time: 41 } };
      await announce('a', { after: CARD });
      await announce('a', corrected);
      await announce('b', corrected);
      await announce('c');
      expect(await harness.news(matchId)).toEqual([{ after: CARD }, corrected, null]);
    });

    it('never waits for a locked row', async () => {
      const { fingerprint } = await load();
      const unlock = await harness.lock(matchId);
      expect(await save(change(fingerprint, { incidents: [] }))).toBeNull();
      await unlock();
      expect(await save(change(fingerprint, { incidents: [] }))).not.toBeNull();
    });

    it('writes nothing for a lease that has a higher fence by now', async () => {
      await harness.setFence(5);
      const { fingerprint } = await load();
      expect(await save(change(fingerprint, { incidents: [] }), 4)).toBeNull();
      expect(await save(change(fingerprint, { incidents: [] }), 5)).not.toBeNull();
    });
  });
}
