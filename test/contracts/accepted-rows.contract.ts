import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MatchState } from '../../src/domain/match-state.js';
import type { AcceptedRow } from '../../src/score-writer/ports/score-store.js';
import { slots } from '../support/history.js';
import type { ScoreStoreHarness } from './score-store.contract.js';

const AT_S = 1_768_662_000;

/** What a score store promises of rows that somebody else wrote. */
export function acceptedRowsContract(name: string, open: () => Promise<ScoreStoreHarness>): void {
  describe(`${name} as the store of foreign rows`, () => {
    let harness: ScoreStoreHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    const load = async (id: string) => (await harness.store.load([id])).get(id) as MatchState;

    /** Somebody else made it 2-1 in the second half. */
    async function written(id: string, more: Partial<AcceptedRow> = {}): Promise<AcceptedRow> {
      await harness.insert(id);
      const known = await load(id);
      await harness.change(id, { status: 4, home: slots(2), away: slots(1) });
      const next = await load(id);
      return { known, next, fingerprint: next.origin?.fingerprint ?? '', byAuthority: false, ...more };
    }

    it('makes a version of them, with a journal row, and signs what changed', async () => {
      const row = await written('one');
      expect([...(await harness.store.acceptForeign([row], AT_S))]).toEqual(['one']);
      expect(await load('one')).toMatchObject({
        version: 1,
        status: 4,
        statusSource: 'foreign',
        home: slots(2),
        scoreSource: 'foreign',
        reached: 4,
        origin: { journaledBy: 'foreign' },
      });
      expect(await harness.journal('one')).toEqual([{ epoch: 0, version: 1, source: 'foreign' }]);
    });

    it('has the columns follow where an authority meant the score', async () => {
      const row = await written('person');
      const next = { ...row.next, home: slots(3) };
      await harness.store.acceptForeign([{ ...row, next, byAuthority: true }], AT_S);
      expect(await load('person')).toMatchObject({
        version: 1,
        home: slots(3),
        shown: { home: 3, away: 1 },
        scoreSource: 'admin',
        torn: false,
      });
    });

    it('leaves alone what changed again, what is locked, and all of it under a higher fence', async () => {
      const [changed, locked, free] = [await written('changed'), await written('locked'), await written('free')];
      await harness.change('changed', { home: slots(5) });
      const unlock = await harness.lock('locked');
      expect([...(await harness.store.acceptForeign([changed, locked, free], AT_S))]).toEqual(['free']);
      await unlock();
      await harness.setFence(7);
      expect((await harness.store.acceptForeign([locked], AT_S, 6)).size).toBe(0);
      expect((await harness.store.acceptForeign([locked], AT_S, 7)).size).toBe(1);
      await harness.setFence(0);
    });

    it('finds live rows, so many at most', async () => {
      await harness.insert('waiting');
      const live = await harness.store.findLive(100);
      expect(live).toContain('one');
      expect(live).not.toContain('waiting');
      expect(await harness.store.findLive(2)).toHaveLength(2);
    });
  });
}
