import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';
import { PgBudgetStore } from '../../src/provider/adapters/pg/pg-budget-store.js';
import type { Priority } from '../../src/provider/ports/provider-lists.js';
import { type ProviderOptions, resolveProviderOptions } from '../../src/provider/provider.options.js';
import { RequestBudget } from '../../src/provider/request-budget.js';
import { SharedBudget } from '../../src/provider/shared-budget.js';
import type { Turn } from '../../src/provider/waiting-turns.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

/** An instance with connections of its own. */
class Instance {
  readonly turns: { readonly atMs: number; readonly priority: Priority; readonly waitedMs: number }[] = [];
  readonly metrics = new LiveScoreMetrics();
  private readonly database: PgDatabase;
  private readonly shared: SharedBudget;
  private readonly budget: RequestBudget;

  constructor(url: string, given: ProviderOptions) {
    const options = resolveProviderOptions(given);
    const scheduler = new SystemScheduler();
    this.database = new PgDatabase({ connectionString: url }, resolvePostgresOptions());
    this.shared = new SharedBudget(scheduler, this.metrics, options, new PgBudgetStore(this.database));
    this.budget = new RequestBudget(scheduler, this.shared, this.metrics, options);
  }

  async ask(priority: Priority): Promise<Turn> {
    const askedAtMs = performance.now();
    const turn = await this.budget.turn({ priority, endpoint: '/e' });
    const atMs = performance.now();
    if (turn === 'granted') this.turns.push({ atMs, priority, waitedMs: atMs - askedAtMs });
    return turn;
  }

  async askOn(priority: Priority): Promise<void> {
    while ((await this.ask(priority)) !== 'aborted');
  }

  async degraded(): Promise<number | undefined> {
    return (await this.metrics.providerBudgetDegraded.get()).values[0]?.value;
  }

  pause(lengthMs: number): void {
    this.budget.pause(lengthMs);
  }

  async close(): Promise<void> {
    this.budget.onModuleDestroy();
    this.shared.onModuleDestroy();
    await this.database.close();
  }
}

describe('two instances on one PostgreSQL', () => {
  let database: TestDatabase;
  const instances: Instance[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    await runSql(database.url, 'DELETE FROM livescore_provider_budget');
  });
  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.close()));
    await database.drop();
  });

  function start(options: ProviderOptions): [Instance, Instance] {
    const started = [1, 2].map(() => new Instance(database.url, options)) as [Instance, Instance];
    instances.push(...started);
    return started;
  }

  it('keep the limit of every second together, and a live lookup of one hardly waits while the other fetches the catalogue', async () => {
    const [busy, other] = start({ requestsPerSecond: 20, burst: 5, maxWaitMs: 60_000 });
    for (let n = 0; n < 10; n++) void busy.askOn('catalogue');
    const all = () => [...busy.turns, ...other.turns];
    for (let round = 0; all().length < 200; round++) {
      const [rest, turns] = [all().length, round % 2 ? 6 : 3];
      await eventually(() => all().length >= rest + turns, { timeoutMs: 10_000, what: 'more turns' });
      await other.ask('live');
    }
    const times = all().map(({ atMs }) => atMs);
    const inSecond = times.map((atMs) => times.filter((each) => each >= atMs && each < atMs + 1_000).length);
    expect(Math.max(...inSecond)).toBeLessThanOrEqual(25);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual(9_500);
    const waits = other.turns.map(({ waitedMs }) => waitedMs).sort((a, b) => a - b);
    expect(waits.length).toBeGreaterThan(20);
    expect(waits.at(-1)).toBeLessThan(2_000);
    expect(waits[Math.floor(waits.length / 2)]).toBeLessThan(200);
    expect(busy.turns.length).toBeGreaterThan(100);
    await Promise.all([busy.close(), other.close()]);
  }, 60_000);

  it('keep quiet together after "too many requests"', async () => {
    const [limited, other] = start({ requestsPerSecond: 100, burst: 100 });
    expect(await other.ask('live')).toBe('granted');
    limited.pause(600_000);
    await eventually(async () => (await other.ask('live')) === 'paused', { what: 'the pause to be known' });
    expect([await other.ask('recovery'), await limited.ask('recovery')]).toEqual(['paused', 'paused']);
    await Promise.all([limited.close(), other.close()]);
  });

  it('give a turn that is free to whoever does not want to wait', async () => {
    const [one, other] = start({ maxWaitMs: 0, burst: 2, requestsPerSecond: 0.01 });
    expect([await one.ask('live'), await other.ask('live'), await one.ask('live')]).toEqual([
      'granted',
      'granted',
      'late',
    ]);
    await Promise.all([one.close(), other.close()]);
  });

  it('go on alone while the table is away, and together again when it is back', async () => {
    const [one] = start({ requestsPerSecond: 20, burst: 5 });
    expect(await one.ask('live')).toBe('granted');
    await runSql(database.url, 'ALTER TABLE livescore_provider_budget RENAME TO away');
    expect([await one.ask('live'), await one.degraded()]).toEqual(['granted', 1]);
    await runSql(database.url, 'ALTER TABLE away RENAME TO livescore_provider_budget');
    await eventually(async () => (await one.degraded()) === 0, { what: 'the shared budget' });
    expect(await one.ask('live')).toBe('granted');
    await one.close();
  });
});
