import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { InMemoryBudget, InMemoryBudgetStore } from '../testing/in-memory-budget-store.js';
import type { Priority } from './ports/provider-lists.js';
import { type ProviderOptions, resolveProviderOptions } from './provider.options.js';
import { RequestBudget } from './request-budget.js';
import { SharedBudget } from './shared-budget.js';
import type { Turn } from './waiting-turns.js';

/** One instance of many on one store. */
class Instance {
  readonly store: InMemoryBudgetStore;
  readonly metrics = new LiveScoreMetrics();
  readonly budget: RequestBudget;
  readonly shared: SharedBudget;
  /** when each turn was given, ms since the start, and for whom */
  readonly turns: { readonly atMs: number; readonly priority: Priority; readonly waitedMs: number }[] = [];

  constructor(
    private readonly world: World,
    given: ProviderOptions,
  ) {
    const options = resolveProviderOptions(given);
    const scheduler = new VirtualScheduler(world.time, () => world.chance(), Math.random() * 1e6);
    this.store = new InMemoryBudgetStore(world.row);
    this.shared = new SharedBudget(scheduler, this.metrics, options, this.store);
    this.budget = new RequestBudget(scheduler, this.shared, this.metrics, options);
  }

  async ask(priority: Priority, endpoint = '/e'): Promise<Turn> {
    const askedAtMs = this.world.time.nowMs;
    const turn = await this.budget.turn({ priority, endpoint });
    const atMs = this.world.time.nowMs;
    if (turn === 'granted') this.turns.push({ atMs, priority, waitedMs: atMs - askedAtMs });
    return turn;
  }

  /** Asks again as soon as it had its turn. */
  async askOn(priority: Priority): Promise<void> {
    while ((await this.ask(priority)) !== 'aborted');
  }

  async degraded(): Promise<number | undefined> {
    return (await this.metrics.providerBudgetDegraded.get()).values[0]?.value;
  }

  close(): void {
    this.budget.onModuleDestroy();
    this.shared.onModuleDestroy();
  }
}

class World {
  readonly time = new VirtualTime();
  readonly row = new InMemoryBudget(new VirtualClock(this.time));
  readonly instances: Instance[];
  private seed = 1;

  constructor(count: number, options: ProviderOptions = {}) {
    this.instances = Array.from({ length: count }, () => new Instance(this, options));
  }

  chance(): number {
    this.seed = (this.seed * 48_271) % 2_147_483_647;
    return this.seed / 2_147_483_647;
  }

  turnsAt(): number[] {
    return this.instances.flatMap(({ turns }) => turns.map(({ atMs }) => atMs)).sort((a, b) => a - b);
  }

  /** @returns the most turns in any span of that length, of all instances */
  mostIn(spanMs: number): number {
    const times = this.turnsAt();
    return Math.max(0, ...times.map((atMs) => times.filter((other) => other >= atMs && other < atMs + spanMs).length));
  }

  fault(fault: InMemoryBudgetStore['fault']): void {
    for (const { store } of this.instances) store.fault = fault;
  }

  close(): void {
    for (const instance of this.instances) instance.close();
  }
}

describe('the budget that instances share', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('keeps three instances together to the rate and the burst, and gives each its part', async () => {
    const world = new World(3, { perMinute: 50 });
    for (const instance of world.instances) void instance.askOn('catalogue');
    await world.time.advance(180_000);
    world.close();
    expect([world.mostIn(1_000) <= 6, world.mostIn(10_000) <= 15, world.mostIn(60_000) <= 50]).toEqual([
      true,
      true,
      true,
    ]);
    const counts = world.instances.map(({ turns }) => turns.length);
    expect(Math.min(...counts)).toBeGreaterThan(25);
  });

  it('lets a live lookup of one instance through at once while another one takes the catalogue', async () => {
    const world = new World(2, { maxWaitMs: 60_000 });
    const [busy, other] = world.instances as [Instance, Instance];
    for (let n = 0; n < 20; n++) void busy.askOn('catalogue');
    for (let n = 0; n < 30; n++) {
      await world.time.advance(2_000);
      void other.ask('live');
    }
    await world.time.advance(3_000);
    world.close();
    expect(other.turns).toHaveLength(30);
    expect(Math.max(...other.turns.map(({ waitedMs }) => waitedMs))).toBeLessThanOrEqual(100);
    expect(busy.turns.length).toBeGreaterThan(25);
  });

  it('tells the others of a pause, and asks again when it is over', async () => {
    const world = new World(2);
    const [first, second] = world.instances as [Instance, Instance];
    first.budget.pause(60_000);
    await world.time.advance(10);
    expect([await second.ask('recovery'), second.budget.toldPauseMs]).toEqual(['paused', 59_990]);
    await world.time.advance(60_000);
    expect(await second.ask('recovery')).toBe('granted');
    world.close();
  });

  it('keeps quiet to the end of a pause that it knows of, also when the store goes away', async () => {
    const world = new World(2);
    const [first, second] = world.instances as [Instance, Instance];
    await second.ask('live');
    first.budget.pause(60_000);
    await world.time.advance(10);
    expect(await second.ask('live')).toBe('paused');
    world.fault('refused');
    expect(await second.ask('live')).toBe('paused');
    await world.time.advance(60_000);
    expect(await second.ask('live')).toBe('granted');
    world.close();
  });

  it.each(['refused', 'silent', 'answer-lost'] as const)(
    'goes on with a share per instance when the store is away (%s), and comes back by itself without a new burst',
    async (fault) => {
      const world = new World(2, { maxWaitMs: 60_000 });
      const [a, b] = world.instances as [Instance, Instance];
      for (const instance of world.instances) for (let n = 0; n < 3; n++) void instance.askOn('live');
      await world.time.advance(20_000);
      world.fault(fault);
      await world.time.advance(2_000);
      expect([await a.degraded(), await b.degraded()]).toEqual([1, 1]);
      await world.time.advance(58_000);
      const alone = world.turnsAt().filter((atMs) => atMs >= 20_000).length;
      expect([alone >= 52, alone <= 62]).toEqual([true, true]);
      world.fault(null);
      await world.time.advance(2_000);
      expect([await a.degraded(), await b.degraded()]).toEqual([0, 0]);
      await world.time.advance(60_000);
      world.close();
      expect(world.mostIn(10_000)).toBeLessThanOrEqual(15);
      const afterwards = world.turnsAt().filter((atMs) => atMs >= 80_000);
      expect(afterwards.filter((atMs) => atMs < 90_000).length).toBeLessThanOrEqual(12);
    },
  );

  it('begins with one request when it never saw the store', async () => {
    const world = new World(1);
    world.fault('refused');
    const [only] = world.instances as [Instance];
    for (let n = 0; n < 4; n++) void only.ask('live');
    await world.time.advance(900);
    expect(only.turns).toHaveLength(1);
    world.close();
  });

  it('keeps to its part of a minute while the store is away, with what was used before', async () => {
    const world = new World(2, { perMinute: 20, requestsPerSecond: 10, burst: 10, maxWaitMs: 600_000 });
    for (const instance of world.instances) void instance.askOn('live');
    await world.time.advance(1_000);
    world.fault('refused');
    await world.time.advance(30_000);
    world.fault(null);
    await world.time.advance(120_000);
    world.close();
    expect(world.mostIn(60_000)).toBeLessThanOrEqual(20);
    expect(world.turnsAt().length).toBeGreaterThan(35);
  });

  it('writes no secret and no more than a small state', async () => {
    const world = new World(2, { user: 'hidden-user', secret: 'hidden-one', perMinute: 30, perHour: 500 });
    for (const instance of world.instances) void instance.askOn('live');
    await world.time.advance(120_000);
    world.close();
    const metrics = await world.instances[0]?.metrics.registry.metrics();
    expect(`${world.row.json}${metrics}`).not.toContain('hidden');
    expect(world.row.json?.length).toBeLessThan(2_000);
    expect(metrics).toMatch(/livescore_provider_turns_total\{priority="live"\} [1-9]/);
    expect(metrics).toMatch(/livescore_provider_turn_wait_seconds_count\{priority="live"\} [1-9]/);
  });
});
