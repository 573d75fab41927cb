import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BoardRow, BoardStore } from '../../src/broadcast/ports/board-store.js';
import type { Position } from '../../src/broadcast/ports/position.js';
import { MatchStatus } from '../../src/domain/match-status.js';

export interface BoardStoreHarness {
  readonly store: BoardStore;
  /** clock of the store, unix ms */
  nowMs(): number;
  /** the row of a match, whose position is the last one that was journaled, if one was */
  put(row: BoardRow): Promise<void>;
  journaled(matchId: string, position: Position, committedAtMs: number): Promise<void>;
  /** an incident was announced */
  announced(matchId: string, atMs: number): Promise<void>;
  /** the predictions were settled */
  settled(matchId: string, atMs: number): Promise<void>;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const NO_DETAILS = { cards: [], substitutions: [], predictions: [] };

export function boardRow(matchId: string, version: number, change: Partial<BoardRow> = {}): BoardRow {
  return {
    position: { epoch: 0, version },
    state: {
      matchId,
      status: MatchStatus.SecondHalf,
      home: [2, 1, 0, 3, 4, 0, 0],
      away: [0, 0, 1, 0, 2, 0, 0],
      kickoffs: { firstHalfS: 1_700_000_000, secondHalfS: 1_700_003_700, overtimeS: null },
      fallbackKickoffS: 1_700_000_000,
      minute: 60,
    },
    format: null,
    addedMinutes: null,
    competitionId: 'c',
    source: 'mqtt',
    receivedAtMs: 1_700_004_000_000,
    details: NO_DETAILS,
    ...change,
  };
}

/** What every store of the board promises. */
export function boardStoreContract(name: string, open: () => Promise<BoardStoreHarness>): void {
  describe(`${name} as the store of the board`, () => {
    let harness: BoardStoreHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const ids = (rows: readonly BoardRow[]) => rows.map(({ state }) => state.matchId);
    async function put(matchId: string, version: number, ageMs: number, status: MatchStatus): Promise<void> {
      const row = boardRow(matchId, version);
      await harness.journaled(matchId, { epoch: 0, version }, harness.nowMs() - ageMs);
      await harness.put({ ...row, state: { ...row.state, status } });
    }

    it('tells position and state of the matches asked for, each once, and nothing of others', async () => {
      const details = {
        cards: [
          { key: '[3,12,1,null,null,"p",null,null]', cardType: 'YELLOW', time: 12, team: 'home' },
          { key: '[15,80,2,null,null,"q",null,null]', cardType: 'RED', time: 80, team: 'away' },
        ].map((card, n) => ({ ...card, playerId: 'pq'[n] ?? null, playerName: null })),
        substitutions: [
          {
            key: '[9,60,2,null,null,null,"in","out"]',
            time: 60,
            team: 'away',
            inPlayerId: 'in',
            inPlayerName: 'A',
            outPlayerId: 'out',
            outPlayerName: null,
          },
        ],
        predictions: [
          {
            predictionId: 'a0000000-0000-0000-0000-000000000001',
            botName: 'BOT',
            prediction: 'MS 0.5 ÜST',
            result: 'won',
            resultReason: 'instant_win_ms',
            finalScore: '1-0',
          },
        ],
      } as BoardRow['details'];
      const format = { halfMinutes: 40, extraHalfMinutes: 10 };
      const rich = boardRow('rich', 7, { details, format, addedMinutes: 4, competitionId: null });
      const plain = boardRow('plain', 0, { source: 'unknown', receivedAtMs: 1_700_000_500_000 });
      await harness.journaled('rich', { epoch: 0, version: 7 }, harness.nowMs() - 1_000);
      await harness.put(rich);
      await harness.put(plain);
      await harness.put(boardRow('other', 1));
      const rows = await harness.store.load(['rich', 'absent', 'plain', 'rich', 'no\0where']);
      expect([...rows].sort((a, b) => (a.state.matchId < b.state.matchId ? -1 : 1))).toEqual([plain, rich]);
      expect(await harness.store.load([])).toEqual([]);
    });

    it('tells the current matches: those that are live, and those that changed lately, at most so many', async () => {
      await put('ended lately', 3, 60_000, MatchStatus.Ended);
      await put('live', 3, 2 * HOUR_MS, MatchStatus.HalfTime);
      await put('over', 3, 2 * HOUR_MS, MatchStatus.Ended);
      await put('live and changed', 4, 1_000, MatchStatus.Shootout);
      const found = ids(await harness.store.current(HOUR_MS, 10));
      expect([...found].sort()).toEqual(['ended lately', 'live', 'live and changed']);
      expect(ids(await harness.store.current(HOUR_MS, 1))).toEqual(['live and changed']);
      expect(ids(await harness.store.current(3 * HOUR_MS, 10))).toHaveLength(4);
    });

    it('tells the newest version of each match that was committed within the time, in the order of commit', async () => {
      expect(await harness.store.heads(60_000, 10)).toEqual({ versions: [], details: [], isCut: false });
      const commits = [
        ['a', 0, 4, 90_000],
        ['a', 0, 5, 30_000],
        ['b', 1, 2, 20_000],
        ['a', 0, 6, 10_000],
        ['a', 0, 7, 10_000],
        ['b', 0, 9, 5_000],
      ] as const;
      const nowMs = harness.nowMs();
      for (const [id, epoch, version, ageMs] of commits) {
        await harness.journaled(id, { epoch, version }, nowMs - ageMs);
      }
      const { versions, isCut } = await harness.store.heads(60_000, 10);
      expect(versions).toEqual([
        {
          matchId: 'a',
          position: { epoch: 0, version: 7 },
          first: { epoch: 0, version: 5 },
          committedAtMs: nowMs - 10_000,
        },
        {
          matchId: 'b',
          position: { epoch: 1, version: 2 },
          first: { epoch: 0, version: 9 },
          committedAtMs: nowMs - 5_000,
        },
      ]);
      expect(isCut).toBe(false);
    });

    it('says that it left the oldest versions out, when more were committed than are to be looked at', async () => {
      const nowMs = harness.nowMs();
      for (const [n, id] of ['a', 'b', 'b', 'c'].entries()) {
        await harness.journaled(id, { epoch: 0, version: n }, nowMs - 10_000 + n);
      }
      const { versions, isCut } = await harness.store.heads(60_000, 2);
      expect([versions.map(({ matchId }) => matchId), isCut]).toEqual([['b', 'c'], true]);
      expect((await harness.store.heads(60_000, 5)).isCut).toBe(false);
    });

    it('tells which matches had incidents announced or predictions settled within the time', async () => {
      const nowMs = harness.nowMs();
      await harness.announced('old', nowMs - 90_000);
      await harness.announced('announced', nowMs - 20_000);
      await harness.settled('settled', nowMs - 10_000);
      const { versions, details } = await harness.store.heads(60_000, 10);
      expect(versions).toEqual([]);
      expect(details).toEqual([
        { matchId: 'announced', atMs: nowMs - 20_000 },
        { matchId: 'settled', atMs: nowMs - 10_000 },
      ]);
    });
  });
}
