import { describe, expect, it } from '@jest/globals';
import { letPass } from '../../test/support/let-pass.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { VirtualScheduler, VirtualTime } from '../../tools/simulator/virtual-time.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import type { Priority } from './ports/provider-lists.js';
import { type ProviderOptions, resolveProviderOptions } from './provider.options.js';
import { RequestBudget } from './request-budget.js';
import { SharedBudget } from './shared-budget.js';

class BudgetUnderTest {
  readonly time = new VirtualTime();
  readonly budget: RequestBudget;
  /** `name turn@ms`, in order */
  readonly told: string[] = [];

  readonly metrics = new LiveScoreMetrics();

  constructor(given: ProviderOptions = {}) {
    const scheduler = new VirtualScheduler(this.time, { alive: true }, new SeededRandom(1));
    const options = resolveProviderOptions(given);
    this.budget = new RequestBudget(
      scheduler,
      new SharedBudget(scheduler, this.metrics, options),
      this.metrics,
      options,
    );
  }

  ask(name: string, priority: Priority = 'live', signal?: AbortSignal): void {
    const asked = this.budget.turn({ priority, endpoint: '/live', signal });
    void asked.then((turn) => this.told.push(`${name} ${turn}@${this.time.nowMs}`));
  }
}

describe('RequestBudget', () => {
  it('lets the burst through at once and the rest one by one', async () => {
    const test = withNames(new BudgetUnderTest(), 7);
    await letPass(test.time, 3_000);
    expect(test.told).toEqual([...[0, 1, 2, 3, 4].map((n) => `${n} granted@0`), '5 granted@1000', '6 granted@2000']);
  });

  it('fills up again in quiet times, but not beyond the burst', async () => {
    const test = withNames(new BudgetUnderTest({ burst: 2 }), 2);
    await letPass(test.time, 60_000);
    withNames(test, 4);
    await letPass(test.time, 1_000);
    expect(test.told.slice(2)).toEqual(['0 granted@60000', '1 granted@60000', '2 granted@61000']);
  });

  it('needs no timer once it is full', async () => {
    const test = withNames(new BudgetUnderTest({ burst: 2 }), 2);
    await letPass(test.time, 60_000);
    expect(test.time.runNext()).toBe(false);
  });

  it('lets live data go before the catalogue, and gives the catalogue one turn of five', async () => {
    const test = new BudgetUnderTest({ burst: 1, maxWaitMs: 60_000 });
    test.ask('first');
    test.ask('list', 'catalogue');
    for (let n = 0; n < 6; n++) test.ask(`live${n}`);
    await letPass(test.time, 8_000);
    expect(test.told.map((told) => told.split(' ')[0])).toEqual([
      'first',
      'live0',
      'live1',
      'live2',
      'list',
      'live3',
      'live4',
      'live5',
    ]);
  });

  it('tells whoever waited too long, and whoever finds a hundred waiting', async () => {
    const test = withNames(new BudgetUnderTest({ burst: 1, maxWaitMs: 2_500 }), 102);
    await letPass(test.time, 2_500);
    expect(test.told.slice(0, 4)).toEqual(['0 granted@0', '101 full@0', '1 granted@1000', '2 granted@2000']);
    expect(test.told.filter((told) => told.endsWith('late@2500'))).toHaveLength(98);
  });

  it('gives up by the signal, before and while waiting, without spending a turn', async () => {
    const test = new BudgetUnderTest({ burst: 1 });
    const caller = new AbortController();
    test.ask('a');
    test.ask('b', 'live', caller.signal);
    test.ask('c');
    await letPass(test.time, 500);
    caller.abort();
    test.ask('d', 'live', caller.signal);
    await letPass(test.time, 500);
    expect(test.told).toEqual(['a granted@0', 'b aborted@500', 'd aborted@500', 'c granted@1000']);
  });

  it('sends everybody home when it is destroyed, and leaves no timer', async () => {
    const test = withNames(new BudgetUnderTest({ burst: 1 }), 2);
    await letPass(test.time, 0);
    test.budget.onModuleDestroy();
    test.ask('late');
    await letPass(test.time, 0);
    expect(test.told).toEqual(['0 granted@0', '1 aborted@0', 'late aborted@0']);
    expect(test.time.runNext()).toBe(false);
  });
});

function withNames(test: BudgetUnderTest, count: number): BudgetUnderTest {
  for (let n = 0; n < count; n++) test.ask(String(n));
  return test;
}
