import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MatchState } from '../../src/domain/match-state.js';
import { PgRevertStore } from '../../src/score-writer/adapters/pg/pg-revert-store.js';
import { InMemoryRevertStore, InMemoryScoreStore } from '../../src/testing/index.js';
import { revertStoreContract } from '../contracts/revert-store.contract.js';
import { slots } from '../support/history.js';
import { inMemoryScoreRows } from '../support/in-memory-score-rows.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

revertStoreContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return Object.assign(rows, { reverts: new PgRevertStore(rows.connection) });
});

revertStoreContract('the in-memory store', async () => {
  const store = new InMemoryScoreStore();
  return { ...inMemoryScoreRows(store), reverts: new InMemoryRevertStore(store) };
});

describe('the columns of a row', () => {
  let rows: PgScoreRows;
  let reverts: PgRevertStore;
  beforeAll(async () => {
    rows = await PgScoreRows.open();
    reverts = new PgRevertStore(rows.connection);
  });
  afterAll(() => rows.close());

  /** A row of the legacy path, which writes no slots, and one change of ours. */
  async function taken(id: string) {
    await rows.sql.query(
      `INSERT INTO ts_matches (external_id, status_id, home_score_display, home_score_regular, home_yellow_cards, home_corners)
       VALUES ($1, 2, 1, 1, 3, 7)`,
      [id],
    );
    const state = (await rows.store.load([id])).get(id) as MatchState;
    const next = { ...state, status: 4 as const, home: slots(2, { yellow: 4, corners: 8 }) };
    const common = { source: 'mqtt', catchUp: false, goalIncidents: null, receivedAtMs: 0 } as const;
    await rows.store.write([{ ...common, expectedVersion: state.version, next, atS: 1_768_662_000 }]);
    return [{ matchId: id, epoch: 0, first: 1, last: 1 }];
  }

  it('that nobody knows as they were stay as they are', async () => {
    expect(await reverts.revert(await taken('unknown'))).toMatchObject([{ result: 'reverted' }]);
    expect(await rows.row('unknown')).toMatchObject({
      status_id: 2,
      home_scores: null,
      home_score_display: 1,
      home_score_regular: 1,
      home_yellow_cards: 4,
      home_corners: 8,
    });
  });

  it.each(['home_red_cards', 'away_yellow_cards', 'home_corners'])(
    'leave a match alone when somebody else wrote %s since',
    async (column) => {
      const range = await taken(column);
      await rows.sql.query(`UPDATE ts_matches SET ${column} = 5 WHERE external_id = $1`, [column]);
      expect(await reverts.revert(range)).toEqual([{ matchId: column, result: 'newer-write' }]);
      expect(await rows.row(column)).toMatchObject({ status_id: 4, [column]: 5 });
    },
  );
});
