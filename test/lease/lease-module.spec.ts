import { afterEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { IngestLease } from '../../src/contracts/ingest-lease.js';
import { LeaseModule } from '../../src/lease/lease.module.js';
import { type LeaseOptions, resolveLeaseOptions } from '../../src/lease/lease.options.js';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(url: string, lease: LeaseOptions): Promise<TestingModule> {
  @Module({ imports: [PostgresModule.forRoot({ connection: url }), LeaseModule.forRoot(lease)] })
  class Host {}
  const app = await Test.createTestingModule({ imports: [Host] })
    .setLogger(quiet)
    .compile();
  await app.init();
  cleanups.push(() => app.close());
  return app;
}

async function database(): Promise<string> {
  const one = await createTestDatabase();
  cleanups.push(() => one.drop());
  return one.url;
}

const fenceOf = (app: TestingModule) => app.get(IngestLease).term?.fence;

describe('LeaseModule on PostgreSQL', () => {
  it('hands the lease on when its holder closes, before the holder’s database connections are gone', async () => {
    const url = await database();
    const a = await start(url, { holder: 'a', ttlMs: 60_000 });
    await eventually(() => fenceOf(a) === 1, { what: 'a to hold it' });
    await a.close();
    const [row] = await rowsOf(url, `SELECT holder, expires_at = '-infinity' AS released FROM livescore_lease`);
    expect(row).toEqual({ holder: 'a', released: true });
    const b = await start(url, { holder: 'b', ttlMs: 60_000 });
    await eventually(() => fenceOf(b) === 2 && b.get(IngestLease).confirmed, { what: 'b to hold it' });
    expect(b.get(IngestLease).term?.clientId).toMatch(/^livescore[0-9a-f]{12}$/);
  });

  it('starts without a database, standing by', async () => {
    const app = await start('postgres://nobody@127.0.0.1:1/none', { holder: 'a' });
    expect([app.get(IngestLease).term, app.get(IngestLease).confirmed]).toEqual([null, false]);
  });

  it('provides no lease when it is off', async () => {
    const app = await start(await database(), { enabled: false });
    expect(app.get(IngestLease)).toBeUndefined();
  });
});

describe('lease options', () => {
  it('have defaults', () => {
    expect(resolveLeaseOptions()).toEqual({
      enabled: true,
      ttlMs: 6_000,
      holder: expect.stringMatching(/^.+:\d+$/),
    });
  });

  it.each([
    [{ ttlMs: 1_999 }, 'option "ttlMs" must be an integer from 2000 to 60000 ms, received 1999'],
    [{ ttlMs: 60_001 }, 'option "ttlMs"'],
    [{ holder: ' ' }, 'option "holder" must be a text of 1 to 200 characters'],
    [{ holder: 'x'.repeat(201) }, 'option "holder"'],
    [{ enabled: 'yes' as unknown as boolean }, 'option "enabled" must be true or false'],
  ])('refuse %j', (options, message) => {
    expect(() => resolveLeaseOptions(options)).toThrow(message);
  });
});
