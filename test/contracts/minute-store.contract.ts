import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Kickoffs } from '../../src/domain/match-state.js';
import type { DueMinute, LiveRow, MinuteBasis, MinuteStore } from '../../src/minute/ports/minute-store.js';
import type { MinuteRow } from '../../src/testing/in-memory-minute-store.js';

export interface MinuteStoreHarness {
  readonly store: MinuteStore;
  put(matchId: string, row: Partial<MinuteRow>): Promise<void>;
  /** Another program writes the minute. */
  overwrite(matchId: string, minute: number): Promise<void>;
  minuteOf(matchId: string): Promise<number | null>;
  /** @returns ends the foreign transaction that holds the row */
  lock(matchId: string): Promise<() => Promise<void>>;
  setFence(fence: number): Promise<void>;
  setMode(mode: string): Promise<void>;
  setFormat(scope: 'match' | 'competition', id: string, format: string): Promise<void>;
  /** The match belongs to the competition, and begins now. */
  enter(matchId: string, competitionId: string): Promise<void>;
  close(): Promise<void>;
}

const T = 1_768_660_000;
const KICKOFFS: Kickoffs = { firstHalfS: T, secondHalfS: T + 3_900, overtimeS: null };
const FREE = { fence: null, atS: T + 4_000, only: null };
const SECOND_HALF: MinuteBasis = { status: 4, kickoffs: KICKOFFS, fallbackKickoffS: T - 60 };

const due = (matchId: string, minute: number, basis: Partial<MinuteBasis> = {}): DueMinute => ({
  matchId,
  minute,
  basis: { ...SECOND_HALF, ...basis },
});

/** What every store of minutes promises to the tick. */
export function minuteStoreContract(name: string, open: () => Promise<MinuteStoreHarness>): void {
  describe(`${name} as a minute store`, () => {
    let harness: MinuteStoreHarness;
    let store: MinuteStore;
    beforeAll(async () => {
      harness = await open();
      store = harness.store;
    });
    afterAll(() => harness.close());

    const tick = async (dues: readonly DueMinute[], matchId: string, more: object = {}): Promise<LiveRow | undefined> =>
      (await store.tick(dues, { ...FREE, ...more })).rows.find((row) => row.matchId === matchId);

    it('reads the matches in play with their basis, a shoot-out and those out of play left out', async () => {
      for (const status of [1, 2, 3, 4, 5, 7, 8, 10] as const) {
        await harness.put(`s${status}`, { ...SECOND_HALF, status, minute: 50, version: 3 });
      }
      const { rows } = await store.tick([], FREE);
      expect(rows.map(({ matchId }) => matchId).sort()).toEqual(['s2', 's3', 's4', 's5']);
      expect(rows.find(({ matchId }) => matchId === 's4')).toEqual({
        matchId: 's4',
        ...SECOND_HALF,
        version: 3,
        minute: 50,
        before: 50,
        written: false,
      });
    });

    it('writes a minute that differs, and leaves one that does not', async () => {
      await harness.put('differs', { ...SECOND_HALF, minute: 46 });
      expect(await tick([due('differs', 47)], 'differs')).toMatchObject({ minute: 47, before: 46, written: true });
      expect(await harness.minuteOf('differs')).toBe(47);
      expect(await tick([due('differs', 47)], 'differs')).toBeUndefined();
    });

    it('writes over none, and sets one back that somebody else had set', async () => {
      await harness.put('none', { ...SECOND_HALF, minute: null });
      await harness.put('ahead', { ...SECOND_HALF, minute: 99 });
      await store.tick([due('none', 47), due('ahead', 47)], FREE);
      expect([await harness.minuteOf('none'), await harness.minuteOf('ahead')]).toEqual([47, 47]);
    });

    it.each<[string, Partial<MinuteBasis>]>([
      ['status', { status: 5 }],
      ['first half', { kickoffs: { ...KICKOFFS, firstHalfS: T + 1 } }],
      ['second half', { kickoffs: { ...KICKOFFS, secondHalfS: null } }],
      ['extra time', { kickoffs: { ...KICKOFFS, overtimeS: T + 9_000 } }],
      ['stand-in', { fallbackKickoffS: T }],
      ['stand-in that was missing', { fallbackKickoffS: null }],
    ])('writes nothing into a row of another %s than the minute was computed from', async (_what, basis) => {
      await harness.put('moved', { ...SECOND_HALF, minute: 46 });
      expect(await tick([due('moved', 47, basis)], 'moved')).toMatchObject({
        ...SECOND_HALF,
        minute: 46,
        written: false,
      });
    });

    it('leaves a row alone that somebody holds, and writes the others', async () => {
      await harness.put('held', { ...SECOND_HALF, minute: 46 });
      await harness.put('free', { ...SECOND_HALF, minute: 46 });
      const release = await harness.lock('held');
      const { rows } = await store.tick([due('held', 47), due('free', 47)], FREE);
      expect(rows.filter(({ written }) => written).map(({ matchId }) => matchId)).toEqual(['free']);
      await release();
      expect(await tick([due('held', 47)], 'held')).toMatchObject({ written: true });
    });

    it('writes nothing for a process whose lease is another one’s by now', async () => {
      await harness.put('fenced', { ...SECOND_HALF, minute: 46 });
      await harness.setFence(7);
      expect(await tick([due('fenced', 47)], 'fenced', { fence: 6 })).toMatchObject({ minute: 46, written: false });
      expect(await tick([due('fenced', 47)], 'fenced', { fence: 7 })).toMatchObject({ minute: 47, written: true });
    });

    it('tells which of the matches that were due are not in play', async () => {
      await harness.put('over', { ...SECOND_HALF, status: 8, minute: 46 });
      const { gone } = await store.tick([due('over', 47), due('nobody', 47), due('differs', 47)], FREE);
      expect([...gone].sort()).toEqual(['nobody', 'over']);
      expect(await harness.minuteOf('over')).toBe(46);
    });

    it('looks at some matches only when asked to', async () => {
      await harness.put('one', { ...SECOND_HALF, minute: 46 });
      await harness.put('other', { ...SECOND_HALF, minute: 46 });
      const { rows } = await store.tick([due('one', 47), due('other', 47)], { ...FREE, only: ['one'] });
      expect(rows.map(({ matchId }) => matchId)).toEqual(['one']);
      expect(await harness.minuteOf('other')).toBe(46);
    });

    it('keeps the minutes that are held from other programs, and no others', async () => {
      for (const id of ['kept', 'free']) await harness.put(id, { ...SECOND_HALF, minute: 46 });
      await store.hold(['kept'], 60_000, null);
      for (const id of ['kept', 'free']) await harness.overwrite(id, 99);
      expect([await harness.minuteOf('kept'), await harness.minuteOf('free')]).toEqual([46, 99]);
      expect(await tick([due('kept', 47)], 'kept')).toMatchObject({ minute: 47, written: true });
      await store.hold([], 60_000, null);
      await harness.overwrite('kept', 99);
      expect(await harness.minuteOf('kept')).toBe(99);
    });

    it('lets go when the time is over, and takes no hold of a process whose lease is another one’s by now', async () => {
      await harness.put('kept', { ...SECOND_HALF, minute: 46 });
      await store.hold(['kept'], -1, null);
      await harness.overwrite('kept', 98);
      expect(await harness.minuteOf('kept')).toBe(98);
      await harness.setFence(7);
      await store.hold(['kept'], 60_000, 6);
      await harness.overwrite('kept', 99);
      expect(await harness.minuteOf('kept')).toBe(99);
    });

    it('knows incarnation and announcements of added time', async () => {
      const announcements = [
        { type: 19, position: 0, time: 3 },
        { type: 19, position: 0, time: 5 },
      ];
      await harness.put('announced', { ...SECOND_HALF, announcements });
      expect(await store.acquaint(['announced', 'nobody'])).toEqual([
        { matchId: 'announced', epoch: 0, announcements },
      ]);
      await harness.put('silent', SECOND_HALF);
      expect(await store.acquaint(['silent'])).toEqual([{ matchId: 'silent', epoch: 0, announcements: [] }]);
    });

    it('tells mode, formats, and the matches of competitions that have one', async () => {
      expect(await store.setting([], T)).toEqual({ mode: null, formats: [], matches: [], disputed: [] });
      await harness.put('kept', { ...SECOND_HALF, minute: 46 });
      await store.hold(['kept'], 60_000, null);
      await harness.setMode('shadow');
      await harness.overwrite('kept', 99);
      expect(await harness.minuteOf('kept')).toBe(99);
      await harness.setFormat('competition', 'youth', '2x30');
      await harness.setFormat('match', 'final', '2x45+2x10');
      await harness.enter('a', 'youth');
      await harness.enter('b', 'by-option');
      await harness.enter('c', 'neither');
      const { mode, formats, matches } = await store.setting(['by-option'], T);
      expect(mode).toBe('shadow');
      expect([...formats].sort()).toEqual([
        ['competition', 'youth', '2x30'],
        ['match', 'final', '2x45+2x10'],
      ]);
      expect([...matches].sort()).toEqual([
        ['a', 'youth'],
        ['b', 'by-option'],
      ]);
      expect((await store.setting(['by-option'], null)).matches).toEqual([]);
    });

    it('keeps the first dispute of a match, until its own format is set', async () => {
      await store.dispute({ matchId: 'short', format: '2x45+2x15', playedS: 1_860 });
      await store.dispute({ matchId: 'short', format: '2x45+2x15', playedS: 1_900 });
      expect((await store.setting([], T)).disputed).toEqual([['short', 1_860]]);
      await harness.setFormat('match', 'short', '2x30');
      expect((await store.setting([], T)).disputed).toEqual([]);
    });
  });
}
