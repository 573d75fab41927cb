import { PgDetailsStore } from '../../src/match-details/adapters/pg/pg-details-store.js';
import { InMemoryDetailsStore } from '../../src/testing/index.js';
import { detailsStoreContract } from '../contracts/details-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

detailsStoreContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return {
    store: new PgDetailsStore(rows.connection),
    insert: async (matchId, score) => {
      await rows.insert(matchId);
      const slots = score && [JSON.stringify(score.home), JSON.stringify(score.away)];
      if (!slots) return;
      await rows.sql.query('UPDATE ts_matches SET home_scores = $2, away_scores = $3 WHERE external_id = $1', [
        matchId,
        ...slots,
      ]);
    },
    withdrawn: async (matchId) => {
      const select = 'SELECT incident FROM livescore_withdrawn_incident WHERE match_id = $1 ORDER BY id';
      return (await rows.sql.query<{ incident: unknown }>(select, [matchId])).rows.map(({ incident }) => incident);
    },
    news: async (matchId) => {
      const select = 'SELECT news FROM livescore_announced WHERE match_id = $1 ORDER BY announced_at, incident_key';
      return (await rows.sql.query<{ news: unknown }>(select, [matchId])).rows.map(({ news }) => news);
    },
    lock: (matchId) => rows.lock(matchId),
    setFence: (fence) => rows.setFence(fence),
    close: () => rows.close(),
  };
});

detailsStoreContract('the in-memory store', async () => {
  const store = new InMemoryDetailsStore();
  return {
    store,
    insert: async (matchId, score = undefined) => store.put(matchId, { score: score ?? null }),
    withdrawn: async (matchId) => store.withdrawn.flatMap((one) => (one.matchId === matchId ? [one.incident] : [])),
    news: async (matchId) => store.news.flatMap((one) => (one.matchId === matchId ? [one.news] : [])),
    lock: async (matchId) => {
      store.locked.add(matchId);
      return async () => void store.locked.delete(matchId);
    },
    setFence: async (fence) => {
      store.fence = fence;
    },
    close: async () => {},
  };
});
