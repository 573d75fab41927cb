import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import { type Priority, ProviderLists } from '../../src/provider/ports/provider-lists.js';
import type { ProviderError } from '../../src/provider/provider.errors.js';
import { ProviderModule } from '../../src/provider/provider.module.js';
import { ProviderStatus } from '../../src/provider/provider-status.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const OPTIONS = { user: 'u', secret: 's', requestsPerSecond: 10, burst: 5, maxWaitMs: 60_000 };

describe('two hosts with one database and one provider', () => {
  let database: TestDatabase;
  let server: Server;
  let tooMany = false;
  const askedAtMs: number[] = [];
  const hosts: TestingModule[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    server = createServer((_, response) => {
      askedAtMs.push(performance.now());
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
    return host;
  }

  /** @returns ok, or why there is no answer */
  function ask(host: TestingModule | undefined, priority: Priority): Promise<string> {
    const answer = (host as TestingModule).get(ProviderLists).ask({ endpoint: `/${priority}`, priority });
    return answer.then(
      () => 'ok',
      (error: ProviderError) => error.failure,
    );
  }

  it('keep to the limit together, as the provider counts it, with quick answers for live matches', async () => {
    const [busy, other] = hosts;
    let isOver = false;
    const catalogue = Array.from({ length: 5 }, async () => {
      while (!isOver) await ask(busy, 'catalogue');
    });
    const waits: number[] = [];
    for (let n = 1; n <= 8; n++) {
      await eventually(() => askedAtMs.length >= n * 6, { timeoutMs: 10_000, what: 'requests of the other host' });
      const beforeMs = performance.now();
      expect(await ask(other, 'live')).toBe('ok');
      waits.push(performance.now() - beforeMs);
    }
    isOver = true;
    await Promise.all(catalogue);
    const most = askedAtMs.map((atMs) => askedAtMs.filter((each) => each >= atMs && each < atMs + 1_000).length);
    expect(Math.max(...most)).toBeLessThanOrEqual(15);
    expect(Math.max(...waits)).toBeLessThan(2_000);
  }, 60_000);

  it('ask nobody any more when one of them was told that it is too much', async () => {
    const [limited, other] = hosts;
    tooMany = true;
    expect(await ask(limited, 'live')).toBe('limit');
    tooMany = false;
    await eventually(async () => (await ask(other, 'recovery')) === 'limit', { what: 'the pause to be known' });
    const asked = askedAtMs.length;
    expect([await ask(other, 'recovery'), await ask(limited, 'live'), askedAtMs.length]).toEqual([
      'limit',
      'limit',
      asked,
    ]);
    expect(other?.get(ProviderStatus).pausedUntilMs).toBeGreaterThan(Date.now() + 30_000);
  });
});
