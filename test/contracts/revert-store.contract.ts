import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MatchState } from '../../src/domain/match-state.js';
import type { ChangeRange, RevertStore } from '../../src/score-writer/ports/revert-store.js';
import { slots } from '../support/history.js';
import type { ScoreStoreHarness } from './score-store.contract.js';

/** A revert store, and the score store whose rows it takes back. */
export interface RevertStoreHarness extends ScoreStoreHarness {
  readonly reverts: RevertStore;
}

const AT_S = 1_768_662_000;

/** What every store that takes changes back promises to the operator. */
export function revertStoreContract(name: string, open: () => Promise<RevertStoreHarness>): void {
  describe(`${name} as a revert store`, () => {
    let harness: RevertStoreHarness;
    let reverts: RevertStore;

    beforeAll(async () => {
      harness = await open();
      reverts = harness.reverts;
    });
    afterAll(() => harness.close());

    const load = async (id: string) => (await harness.store.load([id])).get(id) as MatchState;

    async function write(id: string, changes: Partial<MatchState>): Promise<void> {
      const state = await load(id);
      const next = { ...state, ...changes };
      const common = { source: 'mqtt', catchUp: false, goalIncidents: null, receivedAtMs: AT_S * 1000 } as const;
      await harness.store.write([{ ...common, expectedVersion: state.version, next, atS: AT_S }]);
    }

    /** First half, then 1-0, then 2-1 in the second half: versions 1 to 3. */
    async function played(id: string): Promise<ChangeRange> {
      await harness.insert(id);
      const firstHalf = { kickoffs: { firstHalfS: AT_S, secondHalfS: null, overtimeS: null } };
      await write(id, { status: 2, ...firstHalf, kickoffSources: { firstHalf: 'mqtt' }, seenAtMs: AT_S * 1000 });
      await write(id, { home: slots(1), providerTimeS: AT_S + 60, seenAtMs: AT_S * 1000 + 60_123 });
      await write(id, {
        status: 4,
        home: slots(2),
        away: slots(1, { corners: 2 }),
        kickoffs: { ...firstHalf.kickoffs, secondHalfS: AT_S + 3600 },
        kickoffSources: { firstHalf: 'mqtt', secondHalf: 'mqtt' },
        providerTimeS: AT_S + 3700,
        seenAtMs: AT_S * 1000 + 3_700_123,
      });
      return { matchId: id, epoch: 0, first: 3, last: 3 };
    }

    it('tells the journal of one match, or of all since a time', async () => {
      await played('writes');
      await played('writes-too');
      const versions = (await reverts.writes('writes', null)).map(
        ({ matchId, epoch, version, source, competitionId }) => [...[matchId, epoch, version, source, competitionId]],
      );
      expect(versions).toEqual([1, 2, 3].map((version) => ['writes', 0, version, 'mqtt', null]));
      const [first] = await reverts.writes('writes', null);
      const since = await reverts.writes(null, first?.committedAtMs ?? 0);
      expect(since.map(({ matchId }) => matchId)).toEqual([...Array(3).fill('writes'), ...Array(3).fill('writes-too')]);
      expect(await reverts.writes('writes', Date.parse('2100-01-01'))).toEqual([]);
    });

    it('shows what would become of a match, and leaves it', async () => {
      const range = await played('shown');
      const before = await load('shown');
      expect(await reverts.preview([range])).toEqual([
        {
          matchId: 'shown',
          result: 'would-revert',
          from: { status: 4, home: 2, away: 1 },
          to: { status: 2, home: 1, away: 0 },
        },
      ]);
      expect(await load('shown')).toEqual(before);
      expect(await harness.journal('shown')).toHaveLength(3);
    });

    it('puts status, score, kick-offs and both times back, as a new version', async () => {
      const range = await played('back');
      expect(await reverts.revert([range])).toMatchObject([{ matchId: 'back', result: 'reverted' }]);
      expect(await load('back')).toMatchObject({
        version: 4,
        status: 2,
        statusSource: 'revert',
        home: slots(1),
        away: slots(0),
        scoreSource: 'revert',
        kickoffs: { firstHalfS: AT_S, secondHalfS: null, overtimeS: null },
        kickoffSources: { firstHalf: 'mqtt' },
        providerTimeS: AT_S + 60,
        seenAtMs: AT_S * 1000 + 60_123,
        shown: { home: 1, away: 0 },
      });
      expect((await harness.journal('back')).at(-1)).toEqual({ epoch: 0, version: 4, source: 'revert' });
    });

    it('takes several changes of several matches back at once', async () => {
      const ranges = [await played('all-b'), await played('all-a')].map((range) => ({ ...range, first: 1 }));
      const answers = await reverts.revert(ranges);
      expect(answers.map(({ matchId, result }) => [matchId, result]).sort()).toEqual([
        ['all-a', 'reverted'],
        ['all-b', 'reverted'],
      ]);
      const rows = await harness.store.load(['all-a', 'all-b']);
      for (const row of rows.values())
        expect(row).toMatchObject({ version: 4, status: 1, shown: { home: 0, away: 0 } });
    });

    it.each<[string, (id: string) => Promise<void>]>([
      ['whose status somebody else wrote', (id) => harness.change(id, { status: 8 })],
      ['whose score somebody else wrote', (id) => harness.change(id, { home: slots(5) })],
      [
        'whose kick-off somebody else wrote',
        (id) => harness.change(id, { kickoffs: { firstHalfS: 5, secondHalfS: AT_S + 3600, overtimeS: null } }),
      ],
      ['with a newer version', (id) => harness.change(id, { version: 9 })],
    ])('leaves a match alone %s', async (what, change) => {
      const range = await played(what);
      await change(what);
      const before = await load(what);
      expect(await reverts.preview([range])).toEqual([{ matchId: what, result: 'newer-write' }]);
      expect(await reverts.revert([range])).toEqual([{ matchId: what, result: 'newer-write' }]);
      expect(await load(what)).toEqual(before);
    });

    it('does not wait for a locked row, and takes the others', async () => {
      const ranges = [await played('held'), await played('free')];
      const unlock = await harness.lock('held');
      const answers = await reverts.revert(ranges);
      await unlock();
      expect(new Map(answers.map(({ matchId, result }) => [matchId, result]))).toEqual(
        new Map([
          ['held', 'locked'],
          ['free', 'reverted'],
        ]),
      );
      expect((await load('held')).version).toBe(3);
    });

    it('says that a row is gone, and nothing of a range that never was', async () => {
      const range = await played('gone');
      await harness.remove('gone');
      expect(await reverts.revert([range])).toEqual([{ matchId: 'gone', result: 'no-row' }]);
      expect(await reverts.preview([{ matchId: 'nobody', epoch: 0, first: 1, last: 1 }])).toEqual([]);
      expect(await reverts.revert([])).toEqual([]);
    });
  });
}
