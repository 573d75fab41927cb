import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  LegacyRow,
  ShadowFindings,
  ShadowGoal,
  ShadowSample,
  ShadowStore,
  ShadowTally,
} from '../../src/rollout/ports/shadow-store.js';

/** A store with the rights of the legacy path and of an operator beside it. */
export interface ShadowStoreHarness {
  readonly store: ShadowStore;
  /** what the legacy path wrote; arrays are written as given */
  write(matchId: string, row: LegacyRow): Promise<void>;
  tally(matchId: string): Promise<ShadowTally | undefined>;
  /** by match and score */
  goals(): Promise<readonly ShadowGoal[]>;
  close(): Promise<void>;
}

const NOTHING: ShadowFindings = { tallies: [], goals: [], cancelled: [] };
const ROW: LegacyRow = { status: 2, home: 1, away: 0, homeSlots: [1, 0, 0, 0, 3, 0, 0], awaySlots: null };
const SAMPLE: ShadowSample = {
  at: '2026-01-02T03:04:05.000Z',
  why: 'never-said',
  candidate: { status: 2, home: 0, away: 0 },
  row: ROW,
};

/** What every store of the comparison promises. */
export function shadowStoreContract(name: string, open: () => Promise<ShadowStoreHarness>): void {
  describe(`${name} as a store of the comparison`, () => {
    let harness: ShadowStoreHarness;
    let store: ShadowStore;

    beforeAll(async () => {
      harness = await open();
      ({ store } = harness);
    });
    afterAll(() => harness.close());

    it('reads the rows that exist, and tells the time even without any', async () => {
      await harness.write('r1', ROW);
      await harness.write('r2', { ...ROW, status: null, home: 0, homeSlots: null });
      const { rows, atMs } = await store.rows(['r1', 'r2', 'missing']);
      expect([...rows.keys()].sort()).toEqual(['r1', 'r2']);
      expect(rows.get('r1')).toEqual(ROW);
      expect(rows.get('r2')).toMatchObject({ status: null, home: 0, homeSlots: null });
      const later = await store.rows([]);
      expect(later.rows.size).toBe(0);
      expect(later.atMs).toBeGreaterThanOrEqual(atMs);
    });

    it('adds up what was found, and keeps the first samples', async () => {
      const samples = (count: number, home: number) =>
        Array.from({ length: count }, () => ({ ...SAMPLE, candidate: { status: 2, home, away: 0 } }));
      const tally = { matchId: 't1', consistent: 1, inconsistent: 12, errors: 2, samples: samples(12, 1) };
      await store.record({ ...NOTHING, tallies: [tally, { ...tally, matchId: 't2' }] });
      await store.record({ ...NOTHING, tallies: [{ ...tally, samples: samples(12, 2) }] });
      const known = await harness.tally('t1');
      expect(known).toMatchObject({ consistent: 2, inconsistent: 24, errors: 4 });
      expect(known?.samples.map(({ candidate }) => candidate.home)).toEqual([
        ...Array(12).fill(1),
        ...Array(8).fill(2),
      ]);
      expect((await harness.tally('t2'))?.samples[0]).toEqual({
        ...SAMPLE,
        candidate: { status: 2, home: 1, away: 0 },
      });
    });

    it('completes a goal later, and keeps the earlier time of either path', async () => {
      const { atMs } = await store.rows([]);
      const goal = { matchId: 'g1', home: 1, away: 0, directAtMs: atMs - 5_000, legacyAtMs: null };
      await store.record({ ...NOTHING, goals: [goal, { ...goal, home: 2 }] });
      const [open] = await store.openGoals(['g1', 'other']);
      expect(open).toMatchObject({ matchId: 'g1', home: 1, away: 0 });
      expect(open?.ageMs).toBeGreaterThanOrEqual(5_000);
      await store.record({ ...NOTHING, goals: [{ ...goal, legacyAtMs: atMs }] });
      await store.record({ ...NOTHING, goals: [{ ...goal, directAtMs: atMs, legacyAtMs: atMs + 9_000 }] });
      expect((await store.openGoals(['g1'])).map(({ home }) => home)).toEqual([2]);
      const [first] = (await harness.goals()).filter(({ matchId }) => matchId === 'g1');
      expect(first?.directAtMs).toBeCloseTo(goal.directAtMs, 0);
      expect(first?.legacyAtMs).toBeCloseTo(atMs, 0);
    });

    it('forgets a cancelled goal only while the legacy path lacks it', async () => {
      const goal = { matchId: 'c1', home: 1, away: 0, directAtMs: 1_000, legacyAtMs: null };
      const shown = { ...goal, home: 0, away: 1, legacyAtMs: 2_000 };
      await store.record({ ...NOTHING, goals: [goal, shown] });
      await store.record({ ...NOTHING, cancelled: [goal, shown, { ...goal, away: 7 }] });
      expect((await harness.goals()).filter(({ matchId }) => matchId === 'c1')).toEqual([shown]);
    });
  });
}
