import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import { BudgetStore } from '../../src/provider/ports/budget-store.js';
import { type Priority, ProviderLists } from '../../src/provider/ports/provider-lists.js';
import type { ProviderError } from '../../src/provider/provider.errors.js';
import { ProviderModule } from '../../src/provider/provider.module.js';
import { ProviderStatus } from '../../src/provider/provider-status.service.js';
import { RequestBudget } from '../../src/provider/request-budget.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { mostInOneSecond, StoreTimes } from './store-times.js';

guardAgainstLeaks();

const OPTIONS = { user: 'u', secret: 's', requestsPerSecond: 10, burst: 5, maxWaitMs: 60_000 };

describe('two hosts with one database and one provider', () => {
  let database: TestDatabase;
  let server: Server;
  let tooMany = false;
  /** requests that came to the provider */
  let asked = 0;
  const turnsAtMs: number[] = [];
  const times = new StoreTimes();
  const hosts: TestingModule[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    server = createServer((_, response) => {
      asked += 1;
      response.end(tooMany ? '{"code":429,"msg":"too many requests"}' : '{"results":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    for (const _host of ['a', 'b']) hosts.push(await start());
  });
  afterAll(async () => {
    for (const host of hosts) await host.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await database.drop();
  });

  async function start(): Promise<TestingModule> {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const host = await Test.createTestingModule({
      imports: [
        PostgresModule.forRoot({ connection: { connectionString: database.url } }),
        ProviderModule.forRoot({ ...OPTIONS, baseUrl }),
      ],
    }).compile();
    host.useLogger(false);
    await host.init();
    times.watch(host.get(BudgetStore, { strict: false }));
    noteTurns(host.get(RequestBudget, { strict: false }));
    return host;
  }

  function noteTurns(budget: RequestBudget): void {
    const { turn } = budget;
    budget.turn = async (request) => {
      const given = await turn.call(budget, request);
      if (given === 'granted') turnsAtMs.push(performance.now());
      return given;
    };
  }

  /** @returns ok, or why there is no answer */
  function ask(host: TestingModule | undefined, priority: Priority): Promise<string> {
    const answer = (host as TestingModule).get(ProviderLists).ask({ endpoint: `/${priority}`, priority });
    return answer.then(
      () => 'ok',
      (error: ProviderError) => error.failure,
    );
  }

  it('keep to the limit together, without a request that had no turn, and live matches go first', async () => {
    const [busy, other] = hosts;
    let isOver = false;
    const catalogue = Array.from({ length: 5 }, async () => {
      while (!isOver) await ask(busy, 'catalogue');
    });
    const behind: number[] = [];
    for (let n = 1; n <= 8; n++) {
      await eventually(() => asked >= n * 6, { what: 'requests of the other host' });
      const before = asked;
      expect(await ask(other, 'live')).toBe('ok');
      behind.push(asked - before - 1);
    }
    isOver = true;
    await Promise.all(catalogue);
    expect(asked).toBe(turnsAtMs.length);
    expect(mostInOneSecond(turnsAtMs)).toBeLessThanOrEqual(15 + times.lateTurns(10));
  });

  it('ask nobody any more when one of them was told that it is too much', async () => {
    const [limited, other] = hosts;
    tooMany = true;
    expect(await ask(limited, 'live')).toBe('limit');
    tooMany = false;
    await eventually(async () => (await ask(other, 'recovery')) === 'limit', { what: 'the pause to be known' });
    const before = asked;
    expect([await ask(other, 'recovery'), await ask(limited, 'live'), asked]).toEqual(['limit', 'limit', before]);
    expect(other?.get(ProviderStatus).pausedUntilMs).toBeGreaterThan(Date.now() + 30_000);
  });
});
