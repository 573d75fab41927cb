import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EMPTY_PATH } from '../../src/domain/settlement/settlement-path.js';
import type {
  PredictionRepository,
  Ruling,
  SettlementStep,
  WorkingMode,
} from '../../src/settlement/ports/prediction-repository.js';

export interface PredictionRepositoryHarness {
  readonly repository: PredictionRepository;
  /** @returns its id */
  predict(matchId: string, text: string, threshold: number | null): Promise<string>;
  /** one committed version of the match, in play */
  commit(matchId: string, version: number, home: number, away: number): Promise<void>;
  resultOf(id: string): Promise<string>;
  /** somebody corrects its text */
  correct(id: string, text: string): Promise<void>;
  /** somebody else settles it */
  overwrite(id: string, result: 'won' | 'lost'): Promise<void>;
  setFence(fence: number): Promise<void>;
  setMode(mode: string): Promise<void>;
  play(matchId: string): Promise<void>;
  close(): Promise<void>;
}

const ruling = (prediction: string, threshold: string | null, more: Partial<Ruling> = {}): Ruling => ({
  prediction,
  threshold,
  verdict: 'won',
  result: 'won',
  certainty: 1,
  reason: 'instant_win_ms',
  market: 'match over 0.5',
  rule: 'over-under',
  ruleVersion: 1,
  period: 'match',
  basis: '1-0',
  score: '1-0',
  deadlineMs: null,
  fingerprint: `f ${more.verdict ?? 'won'} ${more.certainty ?? 1}`,
  ...more,
});

const step = (matchId: string, expected: number, rulings: readonly Ruling[], more: Partial<SettlementStep> = {}) => ({
  matchId,
  expected,
  path: { ...EMPTY_PATH, version: expected + 1, atMs: 1_000 },
  words: [],
  heard: 0,
  nextAtMs: null,
  predictions: -1,
  mode: 'on' as WorkingMode,
  cause: 'goal',
  decidedAtMs: Date.now(),
  rulings,
  isNewest: true,
  fence: null,
  ...more,
});

/** What every repository promises to the settlement. */
export function predictionRepositoryContract(name: string, open: () => Promise<PredictionRepositoryHarness>): void {
  describe(`${name} as the repository of predictions`, () => {
    let harness: PredictionRepositoryHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    it('reads the versions that are not settled, and one text for all predictions that have it', async () => {
      await harness.predict('read', 'MS 0.5 ÜST', 0.5);
      await harness.predict('read', 'MS 0.5 ÜST', 0.5);
      await harness.predict('read', 'MS ÜST', null);
      await harness.commit('read', 1, 0, 0);
      await harness.commit('read', 2, 1, 0);
      const [match, ...others] = await harness.repository.read(['read', 'nobody'], 'on');
      expect(others).toEqual([]);
      expect(match).toMatchObject({ matchId: 'read', sofar: null, isMore: false, format: 'halves', mode: 'on' });
      expect(match?.steps.map(({ version, home, source }) => [version, home?.[0], source])).toEqual([
        [1, 0, 'mqtt'],
        [2, 1, 'mqtt'],
      ]);
      expect(match?.last).toBeNull();
      await harness.repository.write(step('read', 0, [], { path: { ...EMPTY_PATH, version: 1 } }));
      const [later] = await harness.repository.read(['read'], 'on');
      expect([later?.last?.version, later?.steps.map(({ version }) => version)]).toEqual([1, [2]]);
      expect(match?.texts).toEqual([
        { prediction: 'MS 0.5 ÜST', threshold: '0.5', count: 2 },
        { prediction: 'MS ÜST', threshold: null, count: 1 },
      ]);
    });

    it('writes a step once: who has another one in mind writes nothing', async () => {
      const id = await harness.predict('once', 'MS 0.5 ÜST', 0.5);
      const won = step('once', 0, [ruling('MS 0.5 ÜST', '0.5')]);
      const written = await harness.repository.write(won);
      expect(written).toMatchObject({
        isWritten: true,
        foreign: [],
        settled: [
          { predictionId: id, revision: 1, result: 'won', isFirstResult: true, cause: 'goal', finalScore: '1-0' },
        ],
      });
      expect(await harness.repository.write(won)).toEqual({ isWritten: false, settled: [], foreign: [] });
      expect(await harness.resultOf(id)).toBe('won');
    });

    it('writes the same fingerprint no second time, and a reversal as the next revision', async () => {
      const id = await harness.predict('again', 'MS 0.5 ÜST', 0.5);
      await harness.repository.write(step('again', 0, [ruling('MS 0.5 ÜST', '0.5')]));
      const same = await harness.repository.write(step('again', 1, [ruling('MS 0.5 ÜST', '0.5')]));
      expect(same).toEqual({ isWritten: true, settled: [], foreign: [] });
      const open = ruling('MS 0.5 ÜST', '0.5', { verdict: 'open', result: 'pending', basis: null });
      const reversed = await harness.repository.write(step('again', 2, [open], { cause: 'var' }));
      expect(reversed.settled).toMatchObject([{ revision: 2, result: 'pending', isFirstResult: false, cause: 'var' }]);
      expect(await harness.resultOf(id)).toBe('pending');
      const lost = ruling('MS 0.5 ÜST', '0.5', { verdict: 'lost', result: 'lost' });
      const decided = await harness.repository.write(step('again', 3, [lost]));
      expect(decided.settled).toMatchObject([{ revision: 3, result: 'lost', isFirstResult: false }]);
    });

    it('writes nothing about a prediction that is open and always was', async () => {
      await harness.predict('open', 'MS 0.5 ÜST', 0.5);
      const open = ruling('MS 0.5 ÜST', '0.5', { verdict: 'open', result: 'pending' });
      expect((await harness.repository.write(step('open', 0, [open]))).settled).toEqual([]);
    });

    it('leaves a result of somebody else alone, before the first verdict and after it', async () => {
      const id = await harness.predict('foreign', 'MS 0.5 ÜST', 0.5);
      await harness.overwrite(id, 'lost');
      const first = await harness.repository.write(step('foreign', 0, [ruling('MS 0.5 ÜST', '0.5')]));
      expect(first).toEqual({
        isWritten: true,
        settled: [],
        foreign: [{ predictionId: id, theirs: 'lost', ours: 'won' }],
      });
      const ours = await harness.predict('foreign', 'MS 1', 0.5);
      await harness.repository.write(step('foreign', 1, [ruling('MS 1', '0.5')]));
      await harness.overwrite(ours, 'lost');
      const void_ = ruling('MS 1', '0.5', { verdict: 'void', result: 'cancelled' });
      const second = await harness.repository.write(step('foreign', 2, [void_]));
      expect(second.foreign).toEqual([{ predictionId: ours, theirs: 'lost', ours: 'cancelled' }]);
      expect(await harness.resultOf(ours)).toBe('lost');
    });

    it('keeps shadow verdicts beside the predictions', async () => {
      const id = await harness.predict('shadow', 'MS 0.5 ÜST', 0.5);
      const shadow = step('shadow', 0, [ruling('MS 0.5 ÜST', '0.5')], { mode: 'shadow' });
      expect((await harness.repository.write(shadow)).settled).toMatchObject([{ revision: 1 }]);
      expect(await harness.resultOf(id)).toBe('pending');
      const on = await harness.repository.write(step('shadow', 1, [ruling('MS 0.5 ÜST', '0.5')]));
      expect(on.settled).toMatchObject([{ revision: 1, isFirstResult: true }]);
    });

    it('decides by an earlier moment only predictions that were there', async () => {
      const id = await harness.predict('late', 'MS 0.5 ÜST', 0.5);
      const earlier = step('late', 0, [ruling('MS 0.5 ÜST', '0.5')], { isNewest: false, decidedAtMs: 1_000 });
      expect((await harness.repository.write(earlier)).settled).toEqual([]);
      expect(await harness.resultOf(id)).toBe('pending');
    });

    it('writes nothing for a lease that is another process by now', async () => {
      const id = await harness.predict('fenced', 'MS 0.5 ÜST', 0.5);
      await harness.setFence(7);
      const old = step('fenced', 0, [ruling('MS 0.5 ÜST', '0.5')], { fence: 6 });
      expect(await harness.repository.write(old)).toEqual({ isWritten: false, settled: [], foreign: [] });
      const now = step('fenced', 0, [ruling('MS 0.5 ÜST', '0.5')], { fence: 7 });
      expect((await harness.repository.write(now)).isWritten).toBe(true);
      expect(await harness.resultOf(id)).toBe('won');
    });

    it('finds what is behind, what has come, what came late and what another mode looked at', async () => {
      const due = async (mode: WorkingMode = 'on') =>
        (await harness.repository.sweep(60_000, mode, { after: '', limit: 500 })).includes('sweep');
      await harness.predict('sweep', 'MS 0.5 ÜST', 0.5);
      expect(await due()).toBe(false);
      await harness.commit('sweep', 1, 0, 0);
      expect(await due()).toBe(true);
      const seen = async () => (await harness.repository.read(['sweep'], 'on'))[0]?.signature ?? -1;
      const write = async (expected: number, more: Partial<SettlementStep> = {}) => {
        const path = { ...EMPTY_PATH, version: 1 };
        await harness.repository.write(step('sweep', expected, [], { path, predictions: await seen(), ...more }));
      };
      await write(0);
      expect(await due()).toBe(false);
      expect(await due('shadow')).toBe(true);
      await write(1, { nextAtMs: 1_000 });
      expect(await due()).toBe(true);
      await write(2);
      expect(await due()).toBe(false);
      const id = await harness.predict('sweep', 'HOME', 0.5);
      expect(await due()).toBe(true);
      await write(3);
      await harness.correct(id, 'MS 1');
      expect(await due()).toBe(true);
      await write(4, { predictions: -1 });
      expect(await due()).toBe(true);
    });

    it('knows whether incidents tell of play, and the mode that is set', async () => {
      expect(await harness.repository.wasPlayed('played')).toBe(false);
      await harness.play('played');
      expect(await harness.repository.wasPlayed('played')).toBe(true);
      expect(await harness.repository.setting()).toBeNull();
      await harness.setMode('shadow');
      expect(await harness.repository.setting()).toBe('shadow');
    });
  });
}
