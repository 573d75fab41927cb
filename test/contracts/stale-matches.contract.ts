import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MatchStatus } from '../../src/domain/match-status.js';
import type { MarkedMatch, StaleMatches, StuckMark } from '../../src/sync/ports/stale-matches.js';

/** What a spec says of a match row. */
export interface WatchedFacts {
  readonly status: MatchStatus;
  /** goals of both sides; null: the columns of the score are NULL */
  readonly goals?: readonly [number, number] | null;
  /** the score was heard then, unix seconds */
  readonly seenAtS?: number;
  /** `home_score_timestamp`, unix seconds */
  readonly scoreAtS?: number;
  readonly matchTimeS?: number;
  readonly firstHalfS?: number;
  readonly minute?: number;
}

/** The matches with the rights of whoever writes their rows. */
export interface StaleMatchesHarness {
  readonly matches: StaleMatches;
  /** The row is as described; what is not told of is NULL, except the scheduled start. */
  put(matchId: string, facts: WatchedFacts): Promise<void>;
  remove(matchId: string): Promise<void>;
  /** of the lease of the feed */
  setFence(fence: number): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** now, unix seconds */
export const NOW_S = 1_768_662_000;
const HOUR_S = 3_600;

/** What the matches to watch promise. */
export function staleMatchesContract(name: string, open: () => Promise<StaleMatchesHarness>): void {
  describe(`${name} as the matches to watch`, () => {
    let harness: StaleMatchesHarness;
    let matches: StaleMatches;

    beforeAll(async () => {
      harness = await open();
      matches = harness.matches;
    });
    beforeEach(() => harness.reset());
    afterAll(() => harness.close());

    const read = async (limit = 9) => (await matches.read(NOW_S, limit)).map(({ matchId }) => matchId).sort();
    const mark = (matchId: string, over: Partial<StuckMark> = {}): MarkedMatch => ({
      matchId,
      reason: 'silent',
      sinceMs: NOW_S * 1000 + 123,
      askedAtMs: null,
      staleAtMs: null,
      ...over,
    });
    const save = async (marks: readonly MarkedMatch[], cleared: readonly string[] = [], fence: number | null = null) =>
      [...(await matches.save(marks, cleared, NOW_S, fence))].sort((a, b) => (a.matchId < b.matchId ? -1 : 1));
    const noted = async () => (await matches.list(9)).map(({ matchId, reason }) => [matchId, reason]);
    const live = async (...ids: string[]) => {
      for (const id of ids) await harness.put(id, { status: 2, goals: [0, 0] });
    };

    it('finds what is played, and what should have begun within the last day', async () => {
      const statuses = [0, 1, 2, 3, 4, 5, 7, 8, 9, 13] as const;
      for (const status of statuses) await harness.put(`s${status}`, { status, matchTimeS: NOW_S + 60 });
      const begun = { late: 60, yesterday: 24 * HOUR_S, gone: 24 * HOUR_S + 1, now: 0 };
      for (const [id, agoS] of Object.entries(begun)) await harness.put(id, { status: 1, matchTimeS: NOW_S - agoS });
      await harness.put('old', { status: 2, matchTimeS: NOW_S - 90 * HOUR_S });
      expect(await read(20)).toEqual(['late', 'old', 's2', 's3', 's4', 's5', 's7', 'yesterday']);
    });

    it('reads so many of each, the newest first', async () => {
      for (const n of [3, 1, 2]) {
        await harness.put(`live${n}`, { status: 2, matchTimeS: NOW_S - n * 60 });
        await harness.put(`late${n}`, { status: 1, matchTimeS: NOW_S - n * 60 });
      }
      expect(await read(2)).toEqual(['late1', 'late2', 'live1', 'live2']);
    });

    it('tells what the row says, and what was noted', async () => {
      const matchTimeS = NOW_S - HOUR_S;
      const facts = { status: 3, goals: [2, 1], minute: 45, firstHalfS: NOW_S - 3_000, matchTimeS } as const;
      await harness.put('m', { ...facts, seenAtS: NOW_S - 20, scoreAtS: NOW_S - 30 });
      const told = {
        matchId: 'm',
        status: 3,
        kickoffs: { firstHalfS: NOW_S - 3_000, secondHalfS: null, overtimeS: null },
        legacyKickoffS: null,
        matchTimeS,
        statusSinceS: null,
        minute: 45,
        hasScore: true,
        lastSignS: NOW_S - 20,
      };
      expect(await matches.read(NOW_S, 9)).toEqual([{ ...told, mark: null }]);
      const { matchId, ...stuck } = mark('m', { askedAtMs: NOW_S * 1000 + 1, staleAtMs: NOW_S * 1000 + 999 });
      await save([{ matchId, ...stuck }]);
      expect(await matches.read(NOW_S, 9)).toEqual([{ ...told, mark: stuck }]);
    });

    it('knows a score that readers cannot take, and no sign from the time to come', async () => {
      await harness.put('m', { status: 2, goals: null, scoreAtS: NOW_S + 9_000, seenAtS: NOW_S - 50 });
      await harness.put('n', { status: 2, goals: [0, 0] });
      const found = await matches.read(NOW_S, 9);
      expect(found.map(({ matchId, hasScore, lastSignS }) => [matchId, hasScore, lastSignS]).sort()).toEqual([
        ['m', false, NOW_S - 50],
        ['n', true, null],
      ]);
    });

    it('notes marks anew, and takes away those that are cleared', async () => {
      await live('a', 'b', 'c');
      expect(await save([mark('a'), mark('b'), mark('c')])).toEqual([]);
      expect(await save([mark('a', { reason: 'null-score' })], ['a', 'b', 'nobody'])).toEqual([
        { matchId: 'b', reason: 'silent' },
      ]);
      expect((await noted()).sort()).toEqual([
        ['a', 'null-score'],
        ['c', 'silent'],
      ]);
    });

    it('takes away marks of matches that are not watched any more', async () => {
      await live('over', 'gone', 'on');
      await save([mark('over'), mark('gone'), mark('on')]);
      await harness.put('over', { status: 8 });
      await harness.remove('gone');
      expect(await save([])).toEqual([
        { matchId: 'gone', reason: 'silent' },
        { matchId: 'over', reason: 'silent' },
      ]);
      expect(await noted()).toEqual([['on', 'silent']]);
    });

    it('notes nothing for whoever has lost the feed', async () => {
      await live('a', 'b');
      await harness.setFence(5);
      await save([mark('a')], [], 5);
      expect(await save([mark('b')], ['a'], 4)).toEqual([]);
      expect(await noted()).toEqual([['a', 'silent']]);
      expect(await save([mark('b')], ['a'], 6)).toHaveLength(1);
      expect(await noted()).toEqual([['b', 'silent']]);
    });

    it('lists stale ones first, the oldest first, as readers see them', async () => {
      await live('a', 'b', 'd');
      await harness.put('c', { status: 4, goals: [2, 1] });
      const sinceMs = NOW_S * 1000;
      await save([
        mark('a', { sinceMs: sinceMs - 9 }),
        mark('b', { sinceMs: sinceMs - 1, staleAtMs: sinceMs }),
        mark('c', { sinceMs: sinceMs - 2, askedAtMs: sinceMs - 1, staleAtMs: sinceMs }),
        mark('d', { sinceMs: sinceMs - 9 }),
      ]);
      await harness.remove('d');
      const [first, ...others] = await matches.list(9);
      const told = mark('c', { sinceMs: sinceMs - 2, askedAtMs: sinceMs - 1, staleAtMs: sinceMs });
      expect(first).toEqual({ ...told, status: 4, score: '2-1', ageMs: expect.any(Number) });
      expect(others.map(({ matchId, status, score }) => [matchId, status, score])).toEqual([
        ['b', 2, '0-0'],
        ['a', 2, '0-0'],
        ['d', null, null],
      ]);
      expect(first?.ageMs).toBeGreaterThanOrEqual(0);
      expect((await matches.list(1)).map(({ matchId }) => matchId)).toEqual(['c']);
    });
  });
}
