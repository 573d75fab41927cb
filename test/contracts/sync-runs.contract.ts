import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NOTHING_DONE } from '../../src/domain/sync/run-facts.js';
import type { FinishedRun, RunRow, SyncRuns } from '../../src/sync/ports/sync-runs.js';

/** Runs with the rights of an operator, and the platform's old worker, beside them. */
export interface SyncRunsHarness {
  readonly runs: SyncRuns;
  /** `ts_sync_state` of the platform's old worker; null: it has no such row */
  setCursor(entity: string, value: string): Promise<void>;
  cursor(entity: string): Promise<string | null>;
  /** a row of `livescore_setting` */
  set(name: string, value: string): Promise<void>;
  /** Runners gave their last sign so much earlier, ms. */
  later(ms: number): Promise<void>;
  /** nothing is stored */
  reset(): Promise<void>;
  close(): Promise<void>;
}

type Claimed = RunRow & { readonly runId: string; readonly startedAtMs: number };

const COUNTS = { seen: 5, added: 4, changed: 3, refused: 2, deleted: 1 };
const DIFF = { same: 1, changed: 0, missing: 0, extra: 0, fields: {}, samples: [] };
const RETRY = { retry: true } as const;

/** What the runs promise to the instances that share them. */
export function syncRunsContract(name: string, open: () => Promise<SyncRunsHarness>): void {
  describe(`${name} as the runs of all instances`, () => {
    let harness: SyncRunsHarness;
    let runs: SyncRuns;

    beforeAll(async () => {
      harness = await open();
      runs = harness.runs;
    });
    beforeEach(async () => {
      await harness.reset();
      await runs.enrol(['team'], []);
    });
    afterAll(() => harness.close());

    const row = async (entity = 'team') => (await runs.look()).rows.find((one) => one.entity === entity) as RunRow;
    const begin = async () => (await runs.claim('team', 'full', RETRY, 'one')) as Claimed;
    const end = ({ runId }: Claimed, over: Partial<FinishedRun> = {}) => {
      const kind = over.kind ?? 'full';
      return runs.finish({
        entity: 'team',
        runId,
        verdict: 'complete',
        counts: COUNTS,
        givesBack: false,
        ...over,
        kind,
      });
    };

    it('begins with rows that say nothing, one for each entity, and leaves those alone that are there', async () => {
      const never = { startedAtMs: null, tickAtMs: null, finishedAtMs: null, completeAtMs: null, fullAtMs: null };
      const empty = { runId: null, kind: null, silentMs: null, page: 1, newest: null, counts: NOTHING_DONE };
      const nothing = { ...never, ...empty, entity: 'team', verdict: null, watermark: null, wanted: null };
      expect(await row()).toEqual(nothing);
      const { runId } = await begin();
      expect(await runs.enrol(['team', 'coach'], ['team', 'coach'])).toEqual([]);
      expect(await row()).toMatchObject({ runId });
      expect(await row('coach')).toEqual({ ...nothing, entity: 'coach' });
    });

    it('goes on where the old worker of the platform ended, and tells a cursor that is none', async () => {
      const { nowMs } = await runs.look();
      const nowS = Math.floor(nowMs / 1000);
      const cursors = { player: `${nowS - 60}`, coach: `${nowS}12345678`, stage: '0', venue: `${nowS - 60}` };
      for (const [entity, value] of Object.entries(cursors)) await harness.setCursor(entity, value);
      await harness.setCursor('team', `${nowS}`);
      const adopted = await runs.enrol(
        ['team', 'player', 'coach', 'stage', 'venue'],
        ['team', 'player', 'coach', 'stage'],
      );
      expect([...adopted].sort((a, b) => (a.entity < b.entity ? -1 : 1))).toEqual([
        { entity: 'coach', value: cursors.coach, isSound: false },
        { entity: 'player', value: cursors.player, isSound: true },
        { entity: 'stage', value: '0', isSound: false },
      ]);
      const { watermark, fullAtMs, completeAtMs } = await row('player');
      expect([watermark, fullAtMs === completeAtMs]).toEqual([nowS - 60, true]);
      expect(fullAtMs).toBeGreaterThanOrEqual(nowMs);
      for (const entity of ['team', 'coach', 'stage', 'venue']) {
        expect(await row(entity)).toMatchObject({ watermark: null, fullAtMs: null, completeAtMs: null });
      }
    });

    it('gives a run to one of many, and nothing beside it', async () => {
      const claims = await Promise.all(['a', 'b', 'c'].map((runner) => runs.claim('team', 'full', RETRY, runner)));
      const [won, ...others] = claims.filter((claim) => claim !== null);
      expect(others).toEqual([]);
      expect(won).toMatchObject({ kind: 'full', page: 1, newest: null, counts: NOTHING_DONE, verdict: null });
      expect(won?.silentMs).toBeLessThan(60_000);
      expect(won?.startedAtMs).toBeLessThanOrEqual((await runs.look()).nowMs);
      expect(await row()).toMatchObject({ runId: won?.runId });
      expect(await runs.claim('nobody', 'full', RETRY, 'one')).toBeNull();
    });

    it('takes a tick once, and none before it', async () => {
      const { nowMs } = await runs.look();
      const tick = (tickAtMs: number) => runs.claim('team', 'incremental', { tickAtMs }, 'one') as Promise<Claimed>;
      const claimed = await tick(nowMs - 1_000);
      expect(claimed).toMatchObject({ kind: 'incremental', tickAtMs: nowMs - 1_000 });
      await end(claimed);
      expect([await tick(nowMs - 1_000), await tick(nowMs - 2_000)]).toEqual([null, null]);
      await end(await begin());
      expect(await row()).toMatchObject({ tickAtMs: nowMs - 1_000 });
      expect(await tick(nowMs)).toMatchObject({ tickAtMs: nowMs });
    });

    it('begins what was wanted once, and keeps a wish that comes while it runs', async () => {
      const { nowMs } = await runs.look();
      expect(await runs.claim('team', 'full', { wanted: 'full' }, 'one')).toBeNull();
      expect(await runs.want('team', 'full', 'spec')).toBeGreaterThanOrEqual(nowMs);
      expect((await row()).wanted).toBe('full');
      expect(await runs.claim('team', 'incremental', { wanted: 'incremental' }, 'one')).toBeNull();
      // in shadow, what was wanted is compared only
      const claimed = (await runs.claim('team', 'diff', { wanted: 'full' }, 'one')) as Claimed;
      expect(claimed).toMatchObject({ kind: 'diff', wanted: null });
      await runs.want('team', 'diff', 'spec');
      await end(claimed);
      expect((await row()).wanted).toBe('diff');
      await end(await begin());
      expect((await row()).wanted).toBe('diff');
      expect(await runs.want('nobody', 'full', 'spec')).toBeNull();
    });

    it('counts what a run has done, as long as it is its own', async () => {
      const { runId } = await begin();
      await harness.later(30_000);
      expect((await row()).silentMs).toBeGreaterThanOrEqual(30_000);
      expect(await runs.beat('team', runId, COUNTS)).toBe(true);
      const { silentMs, counts } = await row();
      expect([(silentMs ?? 99_999) < 30_000, counts]).toEqual([true, COUNTS]);
      expect(await runs.beat('coach', runId, COUNTS)).toBe(false);
    });

    it('takes over a run whose runner is silent, where it stands, and ends what the silent one does', async () => {
      const claimed = await begin();
      await runs.beat('team', claimed.runId, COUNTS);
      await harness.later(30_000);
      const seen = await row();
      expect(await runs.takeOver(seen, 60_000, 'two')).toBeNull();
      const takers = await Promise.all([1, 2, 3].map((n) => runs.takeOver(seen, 10_000, `taker ${n}`)));
      const [taken, ...others] = takers.filter((taker) => taker !== null) as Claimed[];
      expect(others).toEqual([]);
      const same = { kind: 'full', startedAtMs: claimed.startedAtMs, counts: COUNTS };
      expect(taken).toMatchObject(same);
      expect(taken?.runId).not.toBe(claimed.runId);
      expect([await runs.beat('team', claimed.runId, NOTHING_DONE), await end(claimed)]).toEqual([false, false]);
      await runs.release('team', claimed.runId);
      expect(await row()).toMatchObject({ ...same, runId: taken?.runId, verdict: null });
      expect((await row()).silentMs).toBeLessThan(30_000);
    });

    it('gives a released run to whoever comes first', async () => {
      const { runId } = await begin();
      expect(await runs.takeOver(await row(), 10_000, 'two')).toBeNull();
      await runs.release('team', runId);
      expect(await runs.takeOver(await row(), 10_000, 'two')).toMatchObject({ kind: 'full' });
    });

    it('moves the watermark with a complete run, and says when it began', async () => {
      const claimed = await begin();
      expect(await end(claimed, { watermark: 7, wasFull: true })).toBe(true);
      const { startedAtMs } = claimed;
      const over = { runId: null, silentMs: null, kind: 'full', verdict: 'complete', counts: COUNTS, watermark: 7 };
      expect(await row()).toMatchObject({ ...over, completeAtMs: startedAtMs, fullAtMs: startedAtMs });
      expect((await row()).finishedAtMs).toBeGreaterThanOrEqual(startedAtMs);
      expect(await end(claimed, { watermark: 9 })).toBe(false);
      const next = await begin();
      expect(next).toMatchObject({ counts: NOTHING_DONE, watermark: 7, verdict: 'complete' });
      await end(next);
      expect(await row()).toMatchObject({ watermark: 7, completeAtMs: next.startedAtMs, fullAtMs: startedAtMs });
      await end(await begin(), { watermark: null });
      expect((await row()).watermark).toBeNull();
    });

    it.each([
      ['one that did not complete', { verdict: 'partial', error: 'x' }],
      ['one that failed', { verdict: 'failed' }],
      ['a comparison', { kind: 'diff', diff: DIFF }],
    ] as const)('moves nothing with %s', async (_which, over) => {
      const first = await begin();
      await end(first, { watermark: 7, wasFull: true, givesBack: true });
      await end(await begin(), { ...over, watermark: 9, wasFull: true, givesBack: true });
      const same = { watermark: 7, completeAtMs: first.startedAtMs, fullAtMs: first.startedAtMs };
      expect(await row()).toMatchObject({
        ...same,
        runId: null,
        verdict: 'verdict' in over ? over.verdict : 'complete',
      });
      expect(await harness.cursor('team')).toBe('6');
    });

    it('gives the old worker its cursor back, one second earlier: it adds one', async () => {
      await end(await begin(), { watermark: 8 });
      expect(await harness.cursor('team')).toBeNull();
      await end(await begin(), { watermark: 9, givesBack: true });
      await end(await begin(), { givesBack: true });
      expect(await harness.cursor('team')).toBe('8');
    });

    it('lets the next run of an entity read everything', async () => {
      await end(await begin(), { watermark: 7, wasFull: true });
      await runs.requireFull(['coach']);
      expect((await row()).fullAtMs).not.toBeNull();
      await runs.requireFull(['team', 'nobody']);
      expect(await row()).toMatchObject({ fullAtMs: null, watermark: 7, verdict: 'complete' });
    });

    it('reads the settings of the sync, and no others', async () => {
      for (const name of ['sync_mode', 'sync.team.enabled', 'synchronous', 'mode']) await harness.set(name, 'x');
      const { settings } = await runs.look();
      expect([...settings].sort()).toEqual([
        ['sync.team.enabled', 'x'],
        ['sync_mode', 'x'],
      ]);
    });

    it('takes a setting that is on once', async () => {
      await harness.set('sync.team.accept_deletions', 'true');
      const take = () => runs.takeSetting('sync.team.accept_deletions');
      expect((await Promise.all([take(), take(), take()])).filter(Boolean)).toHaveLength(1);
      expect((await runs.look()).settings.get('sync.team.accept_deletions')).toBe('false');
      expect(await runs.takeSetting('sync.nobody')).toBe(false);
    });
  });
}
