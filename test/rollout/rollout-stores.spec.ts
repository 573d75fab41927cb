import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock, InMemoryRolloutStore } from '../../src/testing/index.js';
import { rolloutStoreContract, settingOf } from '../contracts/rollout-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgRollout } from '../support/pg-rollout.js';

guardAgainstLeaks();

rolloutStoreContract('PostgreSQL', () => PgRollout.open());

rolloutStoreContract('memory', async () => {
  const harness = {
    store: new InMemoryRolloutStore(new FakeClock()),
    reset: async () => void Object.assign(harness.store, new InMemoryRolloutStore(new FakeClock())),
    insertMatches: async (competition: string, matchIds: readonly string[]) =>
      void harness.store.competitions.set(competition, matchIds),
    close: async () => undefined,
  };
  return harness;
});

describe('the rollout in PostgreSQL', () => {
  let rollout: PgRollout;
  beforeAll(async () => {
    rollout = await PgRollout.open();
  });
  beforeEach(() => rollout.reset());
  afterAll(() => rollout.close());

  it('takes changes by hand and by the package in turns', async () => {
    const byHand = () =>
      rollout.sql.query(`INSERT INTO livescore_rollout (stage, changed_by, reason) VALUES ('shadow', 'psql', 'hand')`);
    await rollout.store.append(settingOf(), 'a', 'b', null);
    await byHand();
    expect((await rollout.store.read()).change).toMatchObject({ id: 2, stage: 'shadow', percent: 0, stepPlan: null });
    expect(await rollout.store.append(settingOf(), 'a', 'b', 2)).toMatchObject({ id: 3 });
    await byHand();
    expect((await rollout.store.history(9)).map(({ id }) => id)).toEqual([4, 3, 2, 1]);
  });

  it('counts matches that are live or about to be played, and no others', async () => {
    const insert = (id: string, status: number, hours: number) =>
      rollout.sql.query(
        `INSERT INTO ts_matches (external_id, competition_id, status_id, match_time)
         VALUES ($1, 'cup', $2, extract(epoch FROM now())::bigint + $3::int * 3600)`,
        [id, status, hours],
      );
    await insert('live', 4, -20);
    await insert('soon', 1, 1);
    await insert('over', 8, -4);
    await insert('tomorrow', 1, 24);
    await insert('yesterday', 8, -24);
    await rollout.store.append(settingOf({ allowCompetitions: ['cup'] }), 'a', 'b', null);
    expect([...(await rollout.store.read()).allowedByCompetition].sort()).toEqual(['live', 'over', 'soon']);
  });
});
