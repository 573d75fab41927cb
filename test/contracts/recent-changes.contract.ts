import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Incident } from '../../src/domain/match-update.js';
import type {
  AnnouncedIncident,
  JournaledChange,
  JournaledState,
  RecentChanges,
} from '../../src/reannounce/ports/recent-changes.js';

export interface RecentChangesHarness {
  readonly changes: RecentChanges;
  /** clock of the store, unix ms */
  nowMs(): number;
  /** a journal row, and the match's row where `row` is not null */
  add(change: JournaledChange): Promise<void>;
  /** an incident whose announcement was committed at its time */
  announce(incident: AnnouncedIncident): Promise<void>;
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const state = (home: number): JournaledState => ({
  status: 4,
  home: [home, 0, 0, 0, 0, 0, 0],
  away: [0, 0, 0, 0, 0, 0, 0],
  kickoffs: { firstHalfS: 1_700_000_000, secondHalfS: null, overtimeS: null },
});

/** What every record of recent commits promises. */
export function recentChangesContract(name: string, open: () => Promise<RecentChangesHarness>): void {
  describe(`${name} as the record of recent changes`, () => {
    let harness: RecentChangesHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    /** Ages are minutes, so that a busy machine makes nothing too old. */
    const agoMs = (ageMinutes: number) => harness.nowMs() - ageMinutes * MINUTE_MS;
    const change = (
      matchId: string,
      version: number,
      ageMinutes: number,
      atMs = agoMs(ageMinutes),
    ): JournaledChange => ({
      matchId,
      epoch: 0,
      version,
      source: 'mqtt',
      catchUp: version === 2,
      before: version === 1 ? null : state(version - 1),
      after: state(version),
      minute: 60 + version,
      goalIncidents: [{ type: 1, position: 1, time: 60 + version, player_name: 'A' }],
      announced: version === 1 ? null : state(version - 1),
      receivedAtMs: atMs - 5,
      committedAtMs: atMs,
      row: { ...state(2), version: 2, minute: 62 },
    });

    it('tells what was committed within the time, in the order of commit, with the row as it is now', async () => {
      expect(await harness.changes.load(HOUR_MS, 10)).toEqual([]);
      const newest = change('m', 2, 10);
      for (const added of [change('m', 1, 30), newest, { ...change('gone', 1, 20), row: null }]) {
        await harness.add(added);
      }
      const found = await harness.changes.load(HOUR_MS, 10);
      expect(found.map(({ matchId, version }) => `${matchId} ${version}`)).toEqual(['m 1', 'gone 1', 'm 2']);
      expect(found[2]).toMatchObject(newest);
      expect(found[1]?.row).toBeNull();
    });

    it('tells which incidents were announced within the time, with what they corrected, in order of time', async () => {
      expect(await harness.changes.incidents(HOUR_MS, 10)).toEqual([]);
      const card = { type: 3, position: 1, time: 40, player_id: 'p' };
      const told = (matchId: string, ageMinutes: number, before?: Partial<Incident>): AnnouncedIncident => {
        return { matchId, after: card, ...(before && { before }), announcedAtMs: agoMs(ageMinutes) };
      };
      const [a, b] = [told('a', 30), told('b', 10, { type: 3 })];
      for (const one of [told('old', 70), told('c', 5), b, a]) await harness.announce(one);
      const found = async (withinMs: number, limit: number) =>
        (await harness.changes.incidents(withinMs, limit)).map(({ matchId }) => matchId);
      expect([await found(HOUR_MS, 10), await found(20 * MINUTE_MS, 10), await found(HOUR_MS, 1)]).toEqual([
        ['a', 'b', 'c'],
        ['b', 'c'],
        ['c'],
      ]);
      const [first, corrected] = await harness.changes.incidents(HOUR_MS, 10);
      expect(corrected).toEqual(b);
      expect(first).toEqual(a);
    });

    it('leaves out what is older, and beyond the limit the oldest', async () => {
      const versions = async (withinMs: number, limit: number) =>
        (await harness.changes.load(withinMs, limit)).map(({ matchId, version }) => `${matchId} ${version}`);
      expect(await versions(25 * MINUTE_MS, 10)).toEqual(['gone 1', 'm 2']);
      expect(await versions(HOUR_MS, 1)).toEqual(['m 2']);
    });

    it('tells every version after a position, match by match in order, with what their clocks are made of', async () => {
      for (const [epoch, version] of [
        [0, 9],
        [1, 2],
        [0, 10],
        [1, 3],
      ] as const) {
        await harness.add({ ...change('long', version, 90), epoch, source: version === 10 ? 'foreign' : 'mqtt' });
      }
      const after = async (matches: Readonly<Record<string, readonly [number, number]>>, limit: number) => {
        const wanted = Object.entries(matches).map(([matchId, [epoch, version]]) => {
          return { matchId, after: { epoch, version } };
        });
        const { changes, isCut } = await harness.changes.after(wanted, limit);
        return [changes.map(({ matchId, epoch, version }) => `${matchId} ${epoch}.${version}`), isCut];
      };
      expect(await after({ m: [0, 1], long: [0, 9], gone: [0, 1], nobody: [0, 0] }, 10)).toEqual([
        ['long 0.10', 'long 1.2', 'long 1.3', 'm 0.2'],
        false,
      ]);
      expect(await after({ m: [0, 1], long: [0, 9] }, 4)).toEqual([
        ['long 0.10', 'long 1.2', 'long 1.3', 'm 0.2'],
        false,
      ]);
      expect(await after({ m: [0, 1], long: [0, 9] }, 2)).toEqual([['long 0.10', 'long 1.2'], true]);
      expect(await after({}, 2)).toEqual([[], false]);
      const { changes } = await harness.changes.after([{ matchId: 'm', after: { epoch: 0, version: 1 } }], 10);
      const { receivedAtMs, committedAtMs, ...expected } = change('m', 2, 10);
      expect(changes[0]).toMatchObject(expected);
    });
  });
}
