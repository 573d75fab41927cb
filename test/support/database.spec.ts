import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, runSql, serverUrl, type TestDatabase } from './database.js';
import { eventually } from './eventually.js';
import { guardAgainstLeaks } from './leak-guard.js';

guardAgainstLeaks();

describe('test database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('has the platform tables and takes a match', async () => {
    await runSql(database.url, `INSERT INTO ts_matches (external_id, status_id) VALUES ('m1', 1)`);
  });

  it('drops under a connection that was left open', async () => {
    const other = await createTestDatabase({ migrate: false });
    const leftover = new Client(other.url);
    const errors: unknown[] = [];
    leftover.on('error', (error) => errors.push(error));
    await leftover.connect();
    await other.drop();
    await eventually(() => errors.length > 0, { what: 'the end of the open connection' });
    await leftover.end();
    const server = new Client(serverUrl());
    await server.connect();
    const { rows } = await server.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      new URL(other.url).pathname.slice(1),
    ]);
    await server.end();
    expect(rows).toEqual([]);
  });
});

describe('eventually', () => {
  it('returns the first truthy value and takes errors for not yet', async () => {
    let asked = 0;
    const value = await eventually(
      () => {
        asked += 1;
        if (asked === 1) throw new Error('not connected');
        return asked > 2 && `asked ${asked}`;
      },
      { what: 'three questions' },
    );
    expect(value).toBe('asked 3');
  });

  it('names what it waited for', async () => {
    await expect(eventually(() => false, { timeoutMs: 20, what: 'the goal' })).rejects.toThrow('the goal');
  });
});
