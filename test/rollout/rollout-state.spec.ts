import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SystemClock } from '../../src/kernel/clock.js';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import type { RolloutStore } from '../../src/rollout/ports/rollout-store.js';
import { type RolloutOptions, resolveRolloutOptions } from '../../src/rollout/rollout.options.js';
import { type RolloutChanged, RolloutState } from '../../src/rollout/routing/rollout-state.service.js';
import { FakeClock, InMemoryRolloutStore } from '../../src/testing/index.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgRollout } from '../support/pg-rollout.js';
import { VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';

guardAgainstLeaks();

const open: RolloutState[] = [];

beforeEach(() => {
  for (const level of ['log', 'warn'] as const) jest.spyOn(Logger.prototype, level).mockImplementation(() => {});
});
afterEach(() => {
  for (const state of open.splice(0)) state.onModuleDestroy();
  jest.restoreAllMocks();
});

describe('the state of the rollout in one process', () => {
  let time: VirtualTime;
  let store: InMemoryRolloutStore;
  let metrics: LiveScoreMetrics;
  beforeEach(() => {
    time = new VirtualTime();
    store = new InMemoryRolloutStore(new FakeClock());
    metrics = new LiveScoreMetrics();
  });

  async function start(options: RolloutOptions = {}): Promise<RolloutState> {
    const resolved = resolveRolloutOptions(options, {});
    const state = new RolloutState(resolved, store, new VirtualScheduler(time), new EventLog(new FakeClock()), metrics);
    open.push(state);
    await state.onModuleInit();
    return state;
  }

  const measured = async () => {
    const stages = (await metrics.rolloutStage.get()).values.filter(({ value }) => value === 1);
    return [stages.map(({ labels }) => labels.stage), (await metrics.rolloutRatio.get()).values[0]?.value];
  };

  it('knows the setting before the application starts', async () => {
    await store.append(settingOf({ stage: 'canary', percent: 30, allowMatches: ['m1'] }), 'anna', 'try', null);
    const state = await start();
    expect([state.stage, state.percent, state.active, state.routeOf('m1')]).toEqual(['canary', 30, true, 'direct']);
    expect(await measured()).toEqual([['canary'], 0.3]);
  });

  it('sees a change at the next look, tells it once, and logs who and why', async () => {
    const state = await start({ pollMs: 200 });
    const seen: RolloutChanged[] = [];
    state.changes$.subscribe((change) => seen.push(change));
    await store.append(settingOf({ percent: 25 }), 'anna', 'a quarter', null);
    await time.advance(199);
    expect([state.stage, seen]).toEqual(['legacy', []]);
    await time.advance(1_000);
    expect(seen.map(({ from, to }) => [from.change?.stage, to.change?.percent])).toEqual([[undefined, 25]]);
    expect(await measured()).toEqual([['canary'], 0.25]);
    expect(Logger.prototype.log).toHaveBeenCalledTimes(1);
    expect(Logger.prototype.log).toHaveBeenCalledWith(
      expect.objectContaining({
        event: 'rollout.changed',
        from: 'legacy',
        to: 'canary 25 %',
        by: 'anna',
        reason: 'a quarter',
        latched: false,
      }),
    );
  });

  it('tells of pins and of matches that enter a competition', async () => {
    const state = await start();
    await store.append(settingOf({ percent: 0, allowCompetitions: ['cup'] }), 'anna', 'cup', null);
    const seen: RolloutChanged[] = [];
    await time.advance(500);
    state.changes$.subscribe((change) => seen.push(change));
    expect(state.routeOf('m1')).toBe('shadow');
    store.competitions.set('cup', ['m1']);
    await time.advance(500);
    expect(state.routeOf('m1')).toBe('direct');
    await store.pin('m1', 'legacy');
    await time.advance(500);
    expect([state.routeOf('m1'), seen.length]).toEqual(['legacy', 2]);
  });

  it('keeps the last answer while the database is away, and takes the next one', async () => {
    await store.append(settingOf({ stage: 'direct' }), 'anna', 'all', null);
    const state = await start();
    store.refuses = true;
    await time.advance(60_000);
    expect([state.stage, state.routeOf('m1')]).toEqual(['direct', 'direct']);
    store.refuses = false;
    await store.append(settingOf({ stage: 'legacy' }), 'ben', 'back', 1);
    await time.advance(500);
    expect(state.stage).toBe('legacy');
  });

  it('is legacy until the database has answered once, and starts all the same', async () => {
    await store.append(settingOf({ stage: 'direct' }), 'anna', 'all', null);
    store.refuses = true;
    const state = await start();
    expect(state.stage).toBe('legacy');
    store.refuses = false;
    await time.advance(500);
    expect(state.stage).toBe('direct');
  });

  it('waits two seconds at most for a database that does not answer', async () => {
    jest.spyOn(store, 'read').mockReturnValue(new Promise(() => {}));
    let started = false;
    void start().then(() => {
      started = true;
    });
    await time.advance(1_999);
    expect(started).toBe(false);
    await time.advance(1);
    expect(started).toBe(true);
  });

  it('lowers what is set to what the process allows, and shows what is in force', async () => {
    await store.append(settingOf({ stage: 'direct' }), 'anna', 'all', null);
    const killed = await start({ killSwitch: true });
    expect([killed.stage, killed.active, killed.setting.stage]).toEqual(['legacy', false, 'direct']);
    expect(await measured()).toEqual([['legacy'], 0]);
    expect((await start({ maxStage: 'shadow' })).routeOf('m1')).toBe('shadow');
  });

  it('sets a stage at once, and tells who was too late', async () => {
    const [one, other] = [await start(), await start()];
    expect(await one.set(settingOf({ percent: 1 }), 'anna', 'one')).toMatchObject({ id: 1, changedBy: 'anna' });
    expect(one.percent).toBe(1);
    expect(await other.set(settingOf({ percent: 99 }), 'automatic', 'other')).toBeNull();
    expect([other.percent, other.setting.percent]).toEqual([1, 1]);
    expect(await other.set(settingOf({ stage: 'legacy' }), 'automatic', 'now seen')).toMatchObject({ id: 2 });
  });
});

describe('two processes on one database', () => {
  let rollout: PgRollout;
  beforeAll(async () => {
    rollout = await PgRollout.open();
  });
  afterAll(() => rollout.close());

  async function start(store: RolloutStore): Promise<RolloutState> {
    const options = resolveRolloutOptions({}, {});
    const state = new RolloutState(
      options,
      store,
      new SystemScheduler(),
      new EventLog(new SystemClock()),
      new LiveScoreMetrics(),
    );
    open.push(state);
    await state.onModuleInit();
    return state;
  }

  it('see every change, and agree about every match', async () => {
    const [one, other] = [await start(rollout.store), await start(rollout.store)];
    await one.set(settingOf({ percent: 10 }), 'anna', 'ten');
    expect(one.percent).toBe(10);
    await eventually(() => other.percent === 10, { what: 'the other process to see it' });
    const ids = Array.from({ length: 10_000 }, (_, n) => `${n.toString(36)}x8w2hln9ry${n % 7}`);
    const direct = (state: RolloutState) => ids.filter((id) => state.routeOf(id) === 'direct');
    expect(direct(other)).toEqual(direct(one));
    expect(Math.abs(direct(one).length - 1_000)).toBeLessThan(200);
    await rollout.store.pin('p1', 'direct', 'ben', null);
    await other.set(settingOf({ stage: 'legacy' }), 'ben', 'back');
    await eventually(() => one.stage === 'legacy' && one.routeOf('p1') === 'direct', { what: 'the pin and the stage' });
    expect(one.routeOf('p2')).toBe('legacy');
  });
});
