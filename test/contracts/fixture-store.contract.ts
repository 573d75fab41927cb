import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MatchStatus } from '../../src/domain/match-status.js';
import type { Slots } from '../../src/domain/score.js';
import { FIXTURE_FIELDS } from '../../src/sync/match/fixture-fields.js';
import type { DeletionStore } from '../../src/sync/ports/deletion-store.js';
import type { Fixture, FixtureStore, StoredFixtureField } from '../../src/sync/ports/fixture-store.js';

export interface FixtureStoreHarness {
  readonly store: FixtureStore;
  /** `note` and `venue_id` of a row, and the `updated_at` that it knows */
  row(matchId: string): Promise<{ note: string | null; venueId: string | null; updatedAtS: number | null }>;
  /** The score writer writes the row. */
  play(matchId: string, status: MatchStatus, home: Slots, away: Slots): Promise<void>;
  /** @returns ends the foreign transaction that holds the row */
  lock(matchId: string): Promise<() => Promise<void>>;
  /** marks of the same database */
  readonly deletions: DeletionStore;
  isDeleted(matchId: string): Promise<boolean>;
  close(): Promise<void>;
}

const AT_S = 1_768_600_000;

/** What every fixture store promises. */
export function fixtureStoreContract(name: string, open: () => Promise<FixtureStoreHarness>): void {
  describe(`fixture store: ${name}`, () => {
    let harness: FixtureStoreHarness;
    let fields: readonly StoredFixtureField[];
    beforeAll(async () => {
      harness = await open();
      ({ fields } = await harness.store.columns(FIXTURE_FIELDS));
    });
    afterAll(() => harness.close());

    const fixture = (matchId: string, values: Fixture['values'] = {}, updatedAtS: number | null = AT_S): Fixture => ({
      matchId,
      updatedAtS,
      values: { match_time: 1_768_662_000, ...values },
    });
    const save = async (...fixtures: Fixture[]) => {
      const stored = await harness.store.save(fields, fixtures, 0);
      return Object.fromEntries(stored.map(({ matchId, fate }) => [matchId, fate]));
    };

    it('adds what is new, changes what differs, and touches no other', async () => {
      expect(await save(fixture('a', { note: 'x' }), fixture('b'))).toEqual({ a: 'added', b: 'added' });
      expect(await save(fixture('a', { note: 'y' }), fixture('b'))).toEqual({ a: 'changed', b: 'same' });
      expect(await harness.row('a')).toEqual({ note: 'y', venueId: null, updatedAtS: AT_S });
      expect(await save()).toEqual({});
    });

    it('replaces a value only by a value', async () => {
      await save(fixture('c', { note: 'x', venue_id: 'v1' }));
      expect(await save(fixture('c', { note: 'y' }, null))).toEqual({ c: 'changed' });
      expect(await harness.row('c')).toEqual({ note: 'y', venueId: 'v1', updatedAtS: AT_S });
    });

    it('leaves a row alone that knows a later state', async () => {
      await save(fixture('d', { note: 'new' }, AT_S + 1));
      expect(await save(fixture('d', { note: 'old' }))).toEqual({ d: 'older' });
      expect(await harness.row('d')).toMatchObject({ note: 'new', updatedAtS: AT_S + 1 });
    });

    it('never waits for a row that somebody holds', async () => {
      await save(fixture('e'));
      const release = await harness.lock('e');
      expect(await save(fixture('e', { note: 'x' }), fixture('f'))).toEqual({ e: 'busy', f: 'added' });
      await release();
      expect(await save(fixture('e', { note: 'x' }))).toEqual({ e: 'changed' });
    });

    it('tells what the row says of the score', async () => {
      await save(fixture('g'));
      await harness.play('g', 4, [2, 1, 0, 0, 3, 0, 0], [0, 0, 0, 0, 1, 0, 0]);
      expect(await harness.store.save(fields, [fixture('g')], 0)).toEqual([
        { matchId: 'g', fate: 'same', status: 4, home: [2, 1, 0, 0, 3, 0, 0], away: [0, 0, 0, 0, 1, 0, 0] },
      ]);
    });

    it('takes back a mark that is older than the request, and no later one', async () => {
      const list = (markedBeforeMs: number) => harness.store.save(fields, [fixture('h')], markedBeforeMs);
      await save(fixture('h'), fixture('i'));
      await harness.deletions.mark('match', ['h', 'i'], 25);
      await list(Date.now() - 60_000);
      expect(await harness.isDeleted('h')).toBe(true);
      await list(Date.now() + 60_000);
      expect([await harness.isDeleted('h'), await harness.isDeleted('i')]).toEqual([false, true]);
    });

    it('knows which matches have no row, and which are or should be in play', async () => {
      const nowS = Math.floor(Date.now() / 1000);
      const begins = { soon: 600, late: -3_600, far: 7_200, gone: -90_000 };
      for (const [id, inS] of Object.entries(begins)) await save(fixture(id, { match_time: nowS + inS }));
      await save(fixture('live'));
      await harness.play('live', 3, [0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]);
      const ids = [...Object.keys(begins), 'live', 'nobody'];
      expect(await harness.store.withoutRow(ids)).toEqual(['nobody']);
      expect([...(await harness.store.inPlay(ids, 900))].sort()).toEqual(['late', 'live', 'soon']);
    });
  });
}
