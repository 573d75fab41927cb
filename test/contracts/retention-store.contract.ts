import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RetentionStore } from '../../src/retention/ports/retention-store.js';

export type ChangeKind = 'settled' | 'unsettled' | 'played';

export interface RetentionStoreHarness {
  readonly store: RetentionStore;
  /** a change of a match that is over and settled, over and not settled, or still played */
  change(matchId: string, kind: ChangeKind, ageDays: number): Promise<void>;
  letter(ageDays: number, isMarked: boolean): Promise<void>;
  decision(ageDays: number): Promise<void>;
  /** matches with a journal, letters and decisions that are left */
  left(): Promise<{ readonly matches: readonly string[]; readonly letters: number; readonly decisions: number }>;
  close(): Promise<void>;
}

/** What every store promises that lets go of what is old. */
export function retentionStoreContract(name: string, open: () => Promise<RetentionStoreHarness>): void {
  describe(`${name} as the store of what is kept for a time`, () => {
    let harness: RetentionStoreHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    it('deletes the journal of settled matches whose last change is old, whole, and nothing else', async () => {
      await harness.change('old', 'settled', 20);
      await harness.change('old', 'settled', 12);
      await harness.change('young', 'settled', 20);
      await harness.change('young', 'settled', 3);
      await harness.change('unsettled', 'unsettled', 20);
      await harness.change('played', 'played', 20);
      expect(await harness.store.pruneJournal(10, 0)).toEqual({ deleted: 2, untilMs: null });
      expect((await harness.left()).matches).toEqual(['played', 'unsettled', 'young']);
      expect(await harness.store.pruneJournal(10, 0)).toEqual({ deleted: 0, untilMs: null });
    });

    it('deletes old letters, but for those that are to be tried again', async () => {
      await harness.letter(20, false);
      await harness.letter(20, true);
      await harness.letter(5, false);
      expect(await harness.store.pruneLetters(10)).toBe(1);
      expect((await harness.left()).letters).toBe(2);
    });

    it('deletes old decisions', async () => {
      await harness.decision(20);
      await harness.decision(5);
      expect(await harness.store.pruneDecisions(10)).toBe(1);
      expect((await harness.left()).decisions).toBe(1);
    });
  });
}
