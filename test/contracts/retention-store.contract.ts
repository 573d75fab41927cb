import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RETAINED_KINDS, type RetainedKind, type RetentionStore } from '../../src/retention/ports/retention-store.js';

/** over and settled; over, and a prediction waits; still played; without a row */
export type MatchKind = 'over' | 'unsettled' | 'played' | 'gone';

/** What belongs to a match: its journal, or what is left of it without one. */
export type MatchPart = 'journal' | 'announcements' | 'progress' | 'withdrawn' | 'disputes' | 'verdicts';

export interface RetentionStoreHarness {
  readonly store: RetentionStore;
  /** one row about a match, of that age; the match is made with the first one */
  part(part: MatchPart, matchId: string, ageDays: number, kind?: MatchKind): Promise<void>;
  letter(ageDays: number, isMarked: boolean): Promise<void>;
  decision(ageDays: number): Promise<void>;
  comparison(matchId: string, ageDays: number): Promise<void>;
  /** a deletion told by the provider; taken back so many days ago, null: it holds */
  deletion(entity: string, id: string, ageDays: number, takenBackDays: number | null): Promise<void>;
  question(id: string, ageDays: number): Promise<void>;
  /** ids of the matches that have rows of a part */
  matches(part: MatchPart): Promise<readonly string[]>;
  /** how many rows are left of what belongs to no match */
  left(kind: Exclude<RetainedKind, MatchPart>): Promise<number>;
  close(): Promise<void>;
}

/** From null to null. */
async function all(next: (after: string | null) => ReturnType<RetentionStore['count']>): Promise<number> {
  let sum = 0;
  for (let after: string | null = null; ; ) {
    const batch = await next(after);
    sum += Object.values(batch.rows).reduce((a, b) => a + b, 0);
    after = batch.after;
    if (after === null) return sum;
  }
}

/** What every store promises that lets go of what is old. */
export function retentionStoreContract(name: string, open: () => Promise<RetentionStoreHarness>): void {
  describe(`${name} as the store of what is kept for a time`, () => {
    let harness: RetentionStoreHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    /** Counting says what pruning does, and changes nothing. */
    async function pruned(kind: RetainedKind): Promise<number> {
      const counted = await all((after) => harness.store.count(kind, 10, after));
      expect(await all((after) => harness.store.count(kind, 10, after))).toBe(counted);
      const gone = await all((after) => harness.store.prune(kind, 10, after));
      expect(counted).toBe(gone);
      expect(await all((after) => harness.store.prune(kind, 10, after))).toBe(0);
      return gone;
    }

    it('has nothing to delete at first, whatever the kind', async () => {
      for (const kind of RETAINED_KINDS) expect([kind, await pruned(kind)]).toEqual([kind, 0]);
    });

    it('deletes the journal of settled matches whose last change is old, whole, and nothing else', async () => {
      await harness.part('journal', 'old', 20);
      await harness.part('journal', 'old', 12);
      await harness.part('announcements', 'old', 12);
      await harness.part('progress', 'old', 12);
      await harness.part('journal', 'young', 20);
      await harness.part('journal', 'young', 3);
      await harness.part('announcements', 'young', 20);
      await harness.part('journal', 'unsettled', 20, 'unsettled');
      await harness.part('journal', 'played', 20, 'played');
      await harness.part('journal', 'gone', 20, 'gone');
      expect(await pruned('journal')).toBe(5);
      expect(await harness.matches('journal')).toEqual(['played', 'unsettled', 'young']);
      expect(await harness.matches('announcements')).toEqual(['young']);
    });

    it.each(['announcements', 'progress', 'withdrawn', 'disputes', 'verdicts'] as const)(
      'deletes old %s of matches that are over and have no journal',
      async (part) => {
        await harness.part('journal', 'with-journal', 20, 'unsettled');
        await harness.part(part, 'with-journal', 20, 'unsettled');
        await harness.part(part, `old-${part}`, 20);
        await harness.part(part, `gone-${part}`, 20, 'gone');
        await harness.part(part, `young-${part}`, 5);
        await harness.part(part, `played-${part}`, 20, 'played');
        expect(await pruned(part)).toBe(2);
        const left = await harness.matches(part);
        expect(left).toEqual(expect.arrayContaining(['with-journal', `young-${part}`, `played-${part}`]));
        expect(left).not.toEqual(expect.arrayContaining([`old-${part}`]));
      },
    );

    it('deletes the verdicts of a match together, when the newest is old', async () => {
      await harness.part('verdicts', 'revised', 30);
      await harness.part('verdicts', 'revised', 2);
      expect(await pruned('verdicts')).toBe(0);
      expect(await harness.matches('verdicts')).toContain('revised');
    });

    it('deletes old letters, but for those that are to be tried again', async () => {
      await harness.letter(20, false);
      await harness.letter(20, true);
      await harness.letter(5, false);
      expect(await pruned('letters')).toBe(1);
      expect(await harness.left('letters')).toBe(2);
    });

    it('deletes old decisions and comparisons', async () => {
      await harness.decision(20);
      await harness.decision(5);
      expect([await pruned('decisions'), await harness.left('decisions')]).toEqual([1, 1]);
      await harness.comparison('compared-long-ago', 20);
      await harness.comparison('compared-lately', 5);
      expect([await pruned('comparisons'), await harness.left('comparisons')]).toEqual([1, 1]);
    });

    it('deletes deletions that were taken back long ago, or are of matches that nobody has', async () => {
      await harness.part('journal', 'kept-match', 1, 'played');
      await harness.deletion('team', 't1', 30, 20);
      await harness.deletion('team', 't2', 30, 5);
      await harness.deletion('team', 't3', 30, null);
      await harness.deletion('match', 'nobody-has-it', 30, null);
      await harness.deletion('match', 'told-lately', 5, null);
      await harness.deletion('match', 'kept-match', 30, null);
      expect([await pruned('deletions'), await harness.left('deletions')]).toEqual([2, 4]);
    });

    it('deletes old questions', async () => {
      await harness.question('t1', 20);
      await harness.question('t2', 5);
      expect([await pruned('questions'), await harness.left('questions')]).toEqual([1, 1]);
    });

    it('knows the size of its tables, and the age of their oldest row', async () => {
      const sizes = new Map((await harness.store.sizes()).map((size) => [size.table, size]));
      const journal = sizes.get('livescore_journal');
      expect(journal?.oldestS).toBeGreaterThan(19 * 86_400);
      expect(journal?.oldestS).toBeLessThan(21 * 86_400);
      expect(journal?.bytes).toBeGreaterThanOrEqual(0);
      expect([...sizes.keys()]).toEqual([...sizes.keys()].sort());
    });
  });
}
