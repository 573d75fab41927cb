import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Database, ReadDatabase } from '../../src/postgres/database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { OperationsHost, SECRET, SESSION } from './operations-host.js';

guardAgainstLeaks();

/** What the page asks for, and nobody who writes does. */
const OF_THE_PAGE = [
  'livescore_host_list',
  'livescore_letter_list',
  'livescore_letter_open',
  'livescore_letter_totals',
  'livescore_legacy_binding',
  'livescore_list_stale_marks',
  'livescore_operations_found_by_id',
  'livescore_rollout_decisions',
  'livescore_rollout_history',
  'livescore_sync_desk_overview',
  'livescore_sync_desk_rows',
  'livescore_table_sizes',
];

describe('the page', () => {
  let database: TestDatabase;
  let host: OperationsHost;

  beforeAll(async () => {
    database = await createTestDatabase();
    const more = { withRollout: true, settlement: { mode: 'off' }, sync: { mode: 'off' } } as const;
    host = await OperationsHost.start({ databaseUrl: database.url, secret: SECRET, more });
  });
  afterAll(async () => {
    await host.close();
    await database.drop();
  });

  it('reads on the connections of those who only read: no score waits for one', async () => {
    const [writes, reads] = [Database, ReadDatabase].map((token) => {
      const spied = jest.spyOn(host.app.get<Database>(token, { strict: false }), 'query');
      return () => new Set(spied.mock.calls.map(([{ name }]) => name));
    }) as [() => Set<string>, () => Set<string>];
    for (const path of ['/dead-letters', '/dead-letters/1', '/search?text=m1']) {
      await host.ask(path, { headers: SESSION });
    }
    const areAsked = async () => {
      await host.facts();
      return OF_THE_PAGE.every((name) => reads().has(name));
    };
    await eventually(areAsked, { what: 'every question of the page', timeoutMs: 60_000 });
    expect(OF_THE_PAGE.filter((name) => writes().has(name))).toEqual([]);
  });
});
