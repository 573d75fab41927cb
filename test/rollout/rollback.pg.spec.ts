import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SLICES_PER_WINDOW } from '../../src/rollout/watch/rollout-slice.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { RollbackApp } from './rollback-app.js';

guardAgainstLeaks();

describe('The automatic rollback, with real modules', () => {
  let app: RollbackApp;
  beforeEach(async () => {
    app = await RollbackApp.start();
    await app.set({ stage: 'canary', percent: 100 });
  });
  afterEach(() => app.stop());

  const healthyWindow = () => app.slicesUntilTakenBack(SLICES_PER_WINDOW, () => {});
  const history = async () =>
    (await app.sql.query('SELECT stage, latched, changed_by, reason FROM livescore_rollout ORDER BY id')).rows;
  const decisions = async () =>
    (await app.sql.query('SELECT verdict, action, stage, reason, numbers FROM livescore_rollout_decision ORDER BY id'))
      .rows;

  it('leaves a healthy path alone', async () => {
    expect(await app.slicesUntilTakenBack(2 * SLICES_PER_WINDOW, () => {})).toBeNull();
    expect(app.decisions.map(({ verdict, action }) => `${verdict} ${action}`)).toEqual([
      'inconclusive none',
      'healthy none',
    ]);
    expect(await decisions()).toHaveLength(2);
    const { values } = await app.metrics.rolloutVerdicts.get();
    const counted = values.flatMap(({ labels, value }) => (value > 0 ? [labels.verdict] : []));
    expect(counted.sort()).toEqual(['healthy', 'inconclusive']);
  });

  it('takes a slow path back within one window, says so everywhere, and holds it', async () => {
    expect(await healthyWindow()).toBeNull();
    app.faults.latencyMs = 30_000;
    expect(await app.slicesUntilTakenBack(SLICES_PER_WINDOW, () => {})).not.toBeNull();
    expect(await history()).toEqual([
      expect.objectContaining({ stage: 'canary', latched: false, changed_by: 'operator' }),
      expect.objectContaining({
        stage: 'legacy',
        latched: true,
        changed_by: 'automatic',
        reason: expect.stringContaining('p95 from receipt to commit'),
      }),
    ]);
    const written = await eventually(async () => (await decisions()).find(({ action }) => action === 'rolled-back'), {
      what: 'the decision in the table',
    });
    expect(written).toMatchObject({
      verdict: 'roll-back',
      action: 'rolled-back',
      stage: 'canary',
      numbers: { p95Ms: expect.any(Number), writes: expect.any(Number), errorShare: 0 },
    });
    expect(app.decisions.at(-1)).toMatchObject({ action: 'rolled-back', percent: 100 });
    expect(app.routeOf('match1')).toBe('legacy');
    app.faults.latencyMs = 20;
    await app.feed();
    for (let n = 0; n < 8; n++) await app.controller.round();
    expect(app.state.stage).toBe('legacy');
    expect(await history()).toHaveLength(2);
  });

  it('takes a path that fails back within one window', async () => {
    expect(await healthyWindow()).toBeNull();
    for (const matchId of ['match3', 'match7', 'match11', 'match12']) app.faults.refused.add(matchId);
    expect(await app.slicesUntilTakenBack(SLICES_PER_WINDOW, () => {})).not.toBeNull();
    expect(app.decisions.at(-1)).toMatchObject({
      action: 'rolled-back',
      reason: expect.stringMatching(/writes failed/),
    });
  });

  it('takes a path that writes wrong rows back within one window', async () => {
    expect(await healthyWindow()).toBeNull();
    const wrong = (slice: number) => app.noticed(slice * 2);
    const taken = await app.slicesUntilTakenBack(
      SLICES_PER_WINDOW,
      () => {
        app.faults.wrong.add('match2');
        app.faults.wrong.add('match5');
      },
      wrong,
    );
    expect(taken).not.toBeNull();
    expect(app.decisions.at(-1)).toMatchObject({
      action: 'rolled-back',
      reason: expect.stringMatching(/rows are not/),
    });
  });

  it('does not hold what everybody suffers from against the path', async () => {
    expect(await healthyWindow()).toBeNull();
    app.faults.outage = { code: '57P01', times: 4 };
    app.faults.latencyMs = 60_000;
    expect(await app.slicesUntilTakenBack(1, () => {})).toBeNull();
    app.faults.latencyMs = 20;
    expect(await app.slicesUntilTakenBack(SLICES_PER_WINDOW - 1, () => {})).toBeNull();
    expect(app.decisions.at(-1)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'Not the path: connections to the database broke or were refused',
    });
    expect(await app.slicesUntilTakenBack(SLICES_PER_WINDOW, () => {})).toBeNull();
    expect(app.decisions.at(-1)?.verdict).toBe('healthy');
  });

  it('steps up by the plan while the path is healthy, and no further than it goes', async () => {
    await app.set({
      stage: 'canary',
      percent: 50,
      stepPlan: [
        { percent: 50, soakS: 0 },
        { percent: 100, soakS: 0 },
      ],
    });
    const direct = () => app.matchIds.filter((matchId) => app.routeOf(matchId) === 'direct').length;
    expect(direct()).toBeLessThan(20);
    await app.slicesUntilTakenBack(3 * SLICES_PER_WINDOW, () => {});
    expect(app.state.setting).toMatchObject({ stage: 'canary', percent: 100, latched: false });
    expect(direct()).toBe(20);
    expect(app.decisions.filter(({ action }) => action === 'stepped-up')).toEqual([
      expect.objectContaining({ verdict: 'healthy', percent: 50 }),
    ]);
    expect((await history()).at(-1)).toMatchObject({
      changed_by: 'automatic',
      reason: expect.stringMatching(/^Healthy/),
    });
  });
});

describe('The automatic rollback, by its own timers', () => {
  it('takes a path back that writes nothing', async () => {
    const app = await RollbackApp.start(600);
    try {
      await app.set({ stage: 'direct' });
      for (const matchId of app.matchIds) app.faults.refused.add(matchId);
      for (let n = 0; n < 500 && app.state.stage === 'direct'; n++) await app.feed();
      expect(app.state.setting).toMatchObject({ stage: 'legacy', latched: true });
    } finally {
      await app.stop();
    }
  });
});
