import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ShadowUnderTest } from '../../../test/rollout/shadow-under-test.js';
import { slots, toUpdate } from '../../../test/support/history.js';

describe('ShadowComparison', () => {
  let under: ShadowUnderTest;
  beforeEach(() => {
    Logger.overrideLogger(false);
    under = new ShadowUnderTest();
  });
  afterEach(() => under.comparison.onModuleDestroy());

  const goal = (home: number, away = 0) => ({ status: 2 as const, home: slots(home), away: slots(away) });
  const samples = (matchId = 'm1') => under.shadows.tallies.get(matchId)?.samples ?? [];

  it('finds a row consistent once per state, when both have stood still', async () => {
    await under.begin('m1');
    expect(under.counts('m1')).toEqual([1, 0]);
    await under.seconds(30);
    expect(under.counts('m1')).toEqual([1, 0]);
    under.feed('m1', goal(1));
    under.legacy('m1', 2, 1, 0);
    await under.seconds(1);
    expect(under.counts('m1')).toEqual([1, 0]);
    await under.seconds(3);
    expect(under.counts('m1')).toEqual([2, 0]);
    expect(under.comparison.totals).toEqual({ compared: 2, different: 0 });
  });

  it('takes lateness for lead time, measured on the database clock', async () => {
    under.comparison.onModuleDestroy();
    under = new ShadowUnderTest({ aheadMs: 3_600_000 });
    await under.begin('m1');
    under.feed('m1', goal(1));
    await under.seconds(400);
    expect(under.leads).toEqual({ '1-0': null });
    under.legacy('m1', 2, 1, 0);
    await under.seconds(5);
    expect(under.counts('m1')).toEqual([2, 0]);
    expect(under.leads).toEqual({ '1-0': 401 });
    const [{ directAtMs = 0 } = {}] = under.shadows.goals;
    expect(directAtMs).toBe(under.databaseClock.nowMs() - 405_000);
    expect(await under.metrics.registry.getSingleMetricAsString('livescore_shadow_lead_seconds')).toContain(
      'livescore_shadow_lead_seconds_sum 401',
    );
  });

  it('gives two goals that the legacy path shows at once their own lead', async () => {
    await under.begin('m1');
    under.feed('m1', goal(1));
    await under.seconds(60);
    under.feed('m1', goal(1, 1));
    await under.seconds(60);
    under.legacy('m1', 2, 1, 1);
    await under.seconds(1);
    expect(under.leads).toEqual({ '1-0': 121, '1-1': 61 });
  });

  it('gives a goal that the legacy path had first a negative lead', async () => {
    await under.begin('m1');
    under.legacy('m1', 2, 1, 0);
    await under.seconds(1);
    under.feed('m1', goal(1));
    await under.seconds(5);
    expect(under.leads['1-0']).toBeCloseTo(0, 0);
    expect(under.counts('m1')).toEqual([2, 0]);
    under.legacy('m1', 2, 2, 0);
    await under.seconds(10);
    under.feed('m1', goal(2));
    await under.seconds(1);
    expect(under.leads['2-0']).toBe(-9);
  });

  it('does not time goals that the first frame of a match brings', async () => {
    under.scores.insert('m1', { status: 2 });
    under.legacy('m1', 2, 0, 0);
    under.feed('m1', goal(2));
    await under.seconds(5);
    under.feed('m1', goal(3));
    await under.seconds(5);
    expect(under.leads).toEqual({ '3-0': null });
  });

  it('loses patience once per state', async () => {
    await under.begin('m1');
    under.feed('m1', goal(1));
    await under.seconds(599);
    expect(under.counts('m1')).toEqual([1, 0]);
    await under.seconds(2);
    expect(under.counts('m1')).toEqual([1, 1]);
    await under.seconds(60);
    expect(under.counts('m1')).toEqual([1, 1]);
    expect(samples()).toEqual([
      expect.objectContaining({
        why: 'too-late',
        candidate: { status: 2, home: 1, away: 0 },
        row: expect.objectContaining({ home: 0, away: 0 }),
      }),
    ]);
    expect(under.leads).toEqual({ '1-0': null });
  });

  it('does not lose patience with a row that follows late', async () => {
    await under.begin('m1');
    for (let n = 1; n <= 6; n++) {
      under.feed('m1', goal(n));
      await under.seconds(250);
      under.legacy('m1', 2, n - 1, 0);
    }
    await under.seconds(200);
    expect(under.counts('m1')).toEqual([1, 0]);
  });

  it('reports what the feed never said once, as soon as it stays', async () => {
    await under.begin('m1');
    under.legacy('m1', 2, 7, 0);
    await under.seconds(2);
    expect(under.counts('m1')).toEqual([1, 0]);
    await under.seconds(2);
    expect(under.counts('m1')).toEqual([1, 1]);
    await under.seconds(60);
    expect(samples()).toEqual([
      expect.objectContaining({ why: 'never-said', row: expect.objectContaining({ home: 7 }) }),
    ]);
    under.legacy('m1', 8, 0, 0);
    await under.seconds(4);
    expect(under.counts('m1')).toEqual([1, 2]);
  });

  it('lets score and status be late apart from each other', async () => {
    await under.begin('m1');
    under.feed('m1', goal(1));
    under.feed('m1', { ...goal(1), status: 3 });
    under.legacy('m1', 3, 0, 0);
    await under.seconds(60);
    expect(under.counts('m1')).toEqual([1, 0]);
    under.legacy('m1', 3, 1, 0);
    await under.seconds(5);
    expect(under.counts('m1')).toEqual([2, 0]);
  });

  it('forgets a goal that is taken back before the legacy path had it', async () => {
    await under.begin('m1');
    under.feed('m1', goal(1));
    await under.seconds(5);
    under.feed('m1', goal(0));
    await under.seconds(5);
    expect(under.leads).toEqual({});
    under.feed('m1', goal(1));
    await under.seconds(5);
    under.legacy('m1', 2, 1, 0);
    await under.seconds(1);
    expect(under.leads).toEqual({ '1-0': 6 });
  });

  it('counts what the direct path throws, and goes on', async () => {
    await under.begin('m1');
    const broken = { status: 2, home: null, away: null, periodKickoffS: null } as never;
    under.comparison.observe({
      ...toUpdate({ atS: under.clock.nowMs() / 1000, status: 2 }),
      matchId: 'm1',
      score: broken,
    });
    under.feed('m1', goal(1));
    under.legacy('m1', 2, 1, 0);
    await under.seconds(5);
    expect(under.shadows.tallies.get('m1')).toMatchObject({ errors: 1, consistent: 2 });
    expect((await under.metrics.shadowErrors.get()).values[0]?.value).toBe(1);
  });

  it('loses nothing while the database is away', async () => {
    await under.begin('m1');
    under.scores.fail('load', { code: '57P01' });
    under.shadows.refuses = true;
    under.scores.insert('m2', { status: 2 });
    under.legacy('m2', 2, 0, 0);
    under.feed('m2', { status: 2 });
    under.feed('m1', goal(1));
    await under.seconds(30);
    under.legacy('m1', 2, 1, 0);
    under.scores.heal('load');
    under.shadows.refuses = false;
    await under.seconds(20);
    expect([under.counts('m1'), under.counts('m2')]).toEqual([
      [2, 0],
      [1, 0],
    ]);
    expect(under.leads['1-0']).toBe(31);
  });

  it('waits for rows that do not exist, and asks one by one when an id is refused', async () => {
    under.scores.poison('bad\0', '22021', 'load');
    under.feed('bad\0', { status: 2 });
    under.feed('none', { status: 2 });
    await under.begin('m1');
    await under.seconds(10);
    expect(under.counts('m1')).toEqual([1, 0]);
    const asked = under.scores.statements.load;
    for (let n = 0; n < 10; n++) under.feed('none', { status: 2 });
    await under.seconds(5);
    expect(under.scores.statements.load).toBe(asked);
    under.scores.insert('none', { status: 2 });
    under.legacy('none', 2, 0, 0);
    await under.seconds(20);
    under.feed('none', { status: 2 });
    await under.seconds(5);
    expect(under.counts('none')).toEqual([1, 0]);
  });

  it('forgets a match that leaves shadow, and the goals nobody will see arrive', async () => {
    await under.begin('m1');
    under.feed('m1', goal(1));
    await under.seconds(2);
    under.comparison.forget('m1');
    under.legacy('m1', 2, 9, 9);
    await under.seconds(60);
    expect(under.counts('m1')).toEqual([1, 0]);
    expect(under.leads).toEqual({});
  });

  it('leaves goals that never came when an ended match is over', async () => {
    await under.begin('m1');
    under.feed('m1', goal(1));
    under.feed('m1', { ...goal(1), status: 8 });
    await under.seconds(700);
    expect(under.counts('m1')).toEqual([1, 1]);
    under.legacy('m1', 8, 1, 0);
    await under.seconds(60);
    expect(under.leads).toEqual({ '1-0': null });
  });

  it('takes goals up again that a process before it had', async () => {
    await under.begin('m1');
    under.feed('m1', goal(1));
    await under.seconds(30);
    under.comparison.onModuleDestroy();
    const another = under.another();
    under.feed('m1', goal(1), another);
    await under.seconds(30);
    under.legacy('m1', 2, 1, 0);
    await under.seconds(1);
    another.onModuleDestroy();
    expect(under.leads).toEqual({ '1-0': 61 });
  });

  it('compares 1,200 matches by turns', async () => {
    const ids = Array.from({ length: 1_200 }, (_, n) => `m${n}`);
    for (const id of ids) {
      under.scores.insert(id, { status: 2 });
      under.legacy(id, 2, 0, 0);
      under.feed(id, { status: 2 });
    }
    await under.seconds(10);
    expect(ids.filter((id) => under.counts(id)[0] !== 1)).toEqual([]);
  });

  it('writes down the last findings before the process ends', async () => {
    await under.begin('m1');
    under.feed('m1', goal(1));
    under.comparison.onModuleDestroy();
    await under.comparison.beforeApplicationShutdown();
    expect(under.leads).toEqual({ '1-0': null });
  });
});
