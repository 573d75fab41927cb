import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RolloutDecision, RolloutSetting, RolloutStore } from '../../src/rollout/ports/rollout-store.js';

/** A store, with what the platform knows of competitions beside it. */
export interface RolloutStoreHarness {
  readonly store: RolloutStore;
  reset(): Promise<void>;
  /** matches that are being played */
  insertMatches(competition: string, matchIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export const settingOf = (setting: Partial<RolloutSetting> = {}): RolloutSetting => ({
  stage: 'canary',
  percent: 10,
  allowMatches: [],
  denyMatches: [],
  allowCompetitions: [],
  denyCompetitions: [],
  stepPlan: null,
  latched: false,
  ...setting,
});

/** What every rollout store promises. */
export function rolloutStoreContract(name: string, open: () => Promise<RolloutStoreHarness>): void {
  describe(`${name} as a rollout store`, () => {
    let harness: RolloutStoreHarness;
    let store: RolloutStore;

    beforeAll(async () => {
      harness = await open();
      store = harness.store;
    });
    beforeEach(() => harness.reset());
    afterAll(() => harness.close());

    it('holds nothing at first', async () => {
      expect(await store.read()).toEqual({
        change: null,
        pins: new Map(),
        allowedByCompetition: new Set(),
        deniedByCompetition: new Set(),
      });
      expect([await store.history(10), await store.decisions(10)]).toEqual([[], []]);
    });

    it('knows what a host said last of its legacy path', async () => {
      for (const binding of ['handler', 'handler', 'none', 'queue'] as const) {
        await store.noteLegacyBinding(binding);
        expect(await store.legacyBinding()).toBe(binding);
      }
    });

    it('reads back what was appended last, whole', async () => {
      const setting = settingOf({
        allowMatches: ['a', 'b'],
        denyMatches: ['"quoted"'],
        allowCompetitions: ['c'],
        denyCompetitions: ['d', 'e'],
        stepPlan: [
          { percent: 1, soakS: 3_600 },
          { percent: 100, soakS: 0 },
        ],
        latched: true,
      });
      await store.append(settingOf({ stage: 'shadow' }), 'anna', 'first', null);
      const change = await store.append(setting, 'ben', 'second', 1);
      expect(change).toEqual({
        ...setting,
        id: 2,
        changedAtMs: expect.any(Number),
        changedBy: 'ben',
        reason: 'second',
      });
      expect((await store.read()).change).toEqual(change);
      expect((await store.history(10)).map(({ id, changedBy }) => [id, changedBy])).toEqual([
        [2, 'ben'],
        [1, 'anna'],
      ]);
      expect(await store.history(1)).toEqual([change]);
    });

    it.each([[null], [1], [3]])('appends nothing when the newest id is not %s', async (expectedId) => {
      await store.append(settingOf(), 'anna', 'first', null);
      await store.append(settingOf({ percent: 50 }), 'anna', 'second', 1);
      expect(await store.append(settingOf({ stage: 'legacy' }), 'ben', 'late', expectedId)).toBeNull();
      expect((await store.read()).change).toMatchObject({ id: 2, percent: 50 });
    });

    it('lets one of many append at the same time', async () => {
      for (const expectedId of [null, 1, 2]) {
        const percents = [1, 2, 3, 4, 5, 6];
        const append = (percent: number) => store.append(settingOf({ percent }), 'x', 'race', expectedId);
        const changes = (await Promise.all(percents.map(append))).filter((change) => change !== null);
        expect(changes).toHaveLength(1);
        expect((await store.read()).change).toEqual(changes[0]);
      }
      expect(await store.history(10)).toHaveLength(3);
    });

    it('keeps one pin per match', async () => {
      await store.pin('a', 'direct', 'anna', null);
      await store.pin('b', 'legacy', 'anna', 'odd score');
      await store.pin('a', 'legacy', 'ben', 'no');
      expect((await store.read()).pins).toEqual(
        new Map([
          ['a', 'legacy'],
          ['b', 'legacy'],
        ]),
      );
      await store.pin('a', null, 'ben', null);
      await store.pin('never', null, 'ben', null);
      expect((await store.read()).pins).toEqual(new Map([['b', 'legacy']]));
    });

    it('turns competitions into matches, in the stages where lists count', async () => {
      await harness.insertMatches('cup', ['c1', 'c2']);
      await harness.insertMatches('league', ['l1']);
      const lists = { allowCompetitions: ['cup', 'unheard-of'], denyCompetitions: ['league'] };
      const read = async () => {
        const { allowedByCompetition, deniedByCompetition } = await store.read();
        return [[...allowedByCompetition].sort(), [...deniedByCompetition].sort()];
      };
      await store.append(settingOf({ ...lists, stage: 'canary' }), 'a', 'b', null);
      expect(await read()).toEqual([['c1', 'c2'], ['l1']]);
      await store.append(settingOf({ ...lists, stage: 'legacy' }), 'a', 'b', 1);
      expect(await read()).toEqual([[], []]);
      await store.append(settingOf({ denyCompetitions: ['league', 'cup'], stage: 'direct' }), 'a', 'b', 2);
      expect(await read()).toEqual([[], ['c1', 'c2', 'l1']]);
      await store.append(settingOf({ stage: 'direct' }), 'a', 'b', 3);
      expect(await read()).toEqual([[], []]);
    });

    it('keeps decisions with their numbers', async () => {
      const decision: RolloutDecision = {
        verdict: 'roll-back',
        action: 'rolled-back',
        stage: 'canary',
        percent: 10,
        reason: 'errors',
        numbers: { errorRate: 0.12, samples: 500, lagMs: null },
      };
      await store.recordDecision({ ...decision, verdict: 'healthy', action: 'none' });
      await store.recordDecision(decision);
      expect(await store.decisions(10)).toEqual([
        { ...decision, decidedAtMs: expect.any(Number) },
        { ...decision, verdict: 'healthy', action: 'none', decidedAtMs: expect.any(Number) },
      ]);
      expect(await store.decisions(1)).toHaveLength(1);
    });
  });
}
