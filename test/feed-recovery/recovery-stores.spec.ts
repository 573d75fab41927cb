import { PgJournalWatermark } from '../../src/feed-recovery/adapters/pg/pg-journal-watermark.js';
import { PgLiveMatches } from '../../src/feed-recovery/adapters/pg/pg-live-matches.js';
import { FakeClock, InMemoryJournalWatermark, InMemoryLiveMatches } from '../../src/testing/index.js';
import { journalWatermarkContract } from '../contracts/journal-watermark.contract.js';
import { liveMatchesContract } from '../contracts/live-matches.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

liveMatchesContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return {
    matches: new PgLiveMatches(rows.connection),
    put: async ({ matchId, status, kickoffS, seenAtMs }) => {
      await rows.sql.query(
        `INSERT INTO ts_matches (external_id, status_id, match_time, score_seen_at)
         VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000))`,
        [matchId, status, kickoffS, seenAtMs],
      );
    },
    close: () => rows.close(),
  };
});

liveMatchesContract('the in-memory list', async () => {
  const matches = new InMemoryLiveMatches();
  return { matches, put: async (match) => matches.put(match), close: async () => {} };
});

journalWatermarkContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  let version = 0;
  return {
    watermark: new PgJournalWatermark(rows.connection),
    nowMs: () => Date.now(),
    commit: async (receivedAtMs, ageMs) => {
      await rows.sql.query(
        `INSERT INTO livescore_journal (match_id, epoch, version, source, after, received_at, committed_at)
         VALUES ('m', 0, $1, 'mqtt', '{}', to_timestamp($2::float8 / 1000),
           now() - $3::float8 * interval '1 millisecond')`,
        [++version, receivedAtMs, ageMs],
      );
    },
    close: () => rows.close(),
  };
});

journalWatermarkContract('the in-memory watermark', async () => {
  const clock = new FakeClock();
  const watermark = new InMemoryJournalWatermark(clock);
  return {
    watermark,
    nowMs: () => clock.nowMs(),
    commit: async (receivedAtMs, ageMs) => watermark.add({ receivedAtMs, committedAtMs: clock.nowMs() - ageMs }),
    close: async () => {},
  };
});
