import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { type Cancel, SystemScheduler } from '../../src/kernel/scheduler.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgBudgetStore } from '../../src/provider/adapters/pg/pg-budget-store.js';
import type { Priority } from '../../src/provider/ports/provider-lists.js';
import { type ProviderOptions, resolveProviderOptions } from '../../src/provider/provider.options.js';
import { RequestBudget } from '../../src/provider/request-budget.js';
import { SharedBudget } from '../../src/provider/shared-budget.js';
import type { Turn } from '../../src/provider/waiting-turns.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PATIENT_POSTGRES } from '../support/patient-postgres.js';
import { mostInOneSecond, StoreTimes } from './store-times.js';

guardAgainstLeaks();

const times = new StoreTimes();

/** Waits for a store that is late: on a busy machine it is so by chance. */
class PatientScheduler extends SystemScheduler {
  override after(delayMs: number, action: () => void): Cancel {
    return super.after(delayMs < 500 ? delayMs : 20 * delayMs, action);
  }
}

/** An instance with connections of its own. */
class Instance {
  readonly turns: { readonly atMs: number; readonly behind: number }[] = [];
  readonly metrics = new LiveScoreMetrics();
  private readonly database: PgDatabase;
  private readonly shared: SharedBudget;
  private readonly budget: RequestBudget;

  constructor(url: string, given: ProviderOptions) {
    const options = resolveProviderOptions(given);
    this.database = new PgDatabase({ connectionString: url }, PATIENT_POSTGRES);
    const store = times.watch(new PgBudgetStore(this.database));
    this.shared = new SharedBudget(new PatientScheduler(), this.metrics, options, store);
    this.budget = new RequestBudget(new SystemScheduler(), this.shared, this.metrics, options);
  }

  /** @param given how many turns everybody has had by now */
  async ask(priority: Priority, given = () => this.turns.length): Promise<Turn> {
    const before = given();
    const turn = await this.budget.turn({ priority, endpoint: '/e' });
    if (turn === 'granted') this.turns.push({ atMs: performance.now(), behind: given() - before });
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

  it('keep the limit of every second together, and a live lookup of one lets hardly any go first while the other fetches the catalogue', async () => {
    const [busy, other] = start({ requestsPerSecond: 20, burst: 5, maxWaitMs: 60_000 });
    const startedAtMs = performance.now();
    for (let n = 0; n < 10; n++) void busy.askOn('catalogue');
    const all = () => [...busy.turns, ...other.turns];
    for (let round = 0; all().length < 200; round++) {
      const [rest, turns] = [all().length, round % 2 ? 6 : 3];
      await eventually(() => all().length >= rest + turns, { what: 'more turns' });
      await other.ask('live', () => all().length);
    }
    const turnsAtMs = all().map(({ atMs }) => atMs);
    expect(mostInOneSecond(turnsAtMs)).toBeLessThanOrEqual(25 + times.lateTurns(20));
    expect(Math.max(...turnsAtMs) - startedAtMs).toBeGreaterThanOrEqual(9_500);
    const behind = other.turns.map((turn) => turn.behind).sort((a, b) => a - b);
    expect(behind.length).toBeGreaterThan(20);
    expect(behind.at(-1)).toBeLessThanOrEqual(10);
    expect(behind[Math.floor(behind.length / 2)]).toBeLessThanOrEqual(2);
    expect(busy.turns.length).toBeGreaterThan(100);
    await Promise.all([busy.close(), other.close()]);
  });

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
