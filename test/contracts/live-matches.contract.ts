import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MatchStatus } from '../../src/domain/match-status.js';
import type { LiveMatches } from '../../src/feed-recovery/ports/live-matches.js';
import type { ListedMatch } from '../../src/testing/in-memory-live-matches.js';

export interface LiveMatchesHarness {
  readonly matches: LiveMatches;
  put(match: ListedMatch): Promise<void>;
  close(): Promise<void>;
}

/** What every list of the matches that are being played promises. */
export function liveMatchesContract(name: string, open: () => Promise<LiveMatchesHarness>): void {
  describe(`${name} as the list of live matches`, () => {
    let harness: LiveMatchesHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    it('holds every match of the live statuses, the newest kick-off first, with its last push', async () => {
      expect(await harness.matches.list(10)).toEqual([]);
      for (const status of Object.values(MatchStatus)) {
        const seenAtMs = status === 4 ? 1_700_000_123_456 : null;
        await harness.put({ matchId: `s${status}`, status, kickoffS: 1_700_000_000 + status, seenAtMs });
      }
      expect(await harness.matches.list(10)).toEqual([
        { matchId: 's7', seenAtMs: null },
        { matchId: 's5', seenAtMs: null },
        { matchId: 's4', seenAtMs: 1_700_000_123_456 },
        { matchId: 's3', seenAtMs: null },
        { matchId: 's2', seenAtMs: null },
      ]);
      expect((await harness.matches.list(2)).map(({ matchId }) => matchId)).toEqual(['s7', 's5']);
    });

    it('orders matches of one kick-off by their id', async () => {
      for (const matchId of ['b', 'a']) {
        await harness.put({ matchId, status: 2, kickoffS: 1_800_000_000, seenAtMs: null });
      }
      expect((await harness.matches.list(2)).map(({ matchId }) => matchId)).toEqual(['a', 'b']);
    });
  });
}
