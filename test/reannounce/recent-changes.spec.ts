import { PgRecentChanges } from '../../src/reannounce/adapters/pg/pg-recent-changes.js';
import type { JournaledState } from '../../src/reannounce/ports/recent-changes.js';
import { FakeClock, InMemoryRecentChanges } from '../../src/testing/index.js';
import { recentChangesContract } from '../contracts/recent-changes.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

const stored = (state: JournaledState | null) =>
  state && { ...state, kickoffs: [state.kickoffs.firstHalfS, state.kickoffs.secondHalfS, state.kickoffs.overtimeS] };

recentChangesContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return {
    changes: new PgRecentChanges(rows.connection),
    nowMs: () => Date.now(),
    add: async ({ matchId, row, ...change }) => {
      await rows.sql.query(
        `INSERT INTO livescore_journal (match_id, epoch, version, source, catch_up, before, after, minute, goal_incidents,
           received_at, committed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10::float8 / 1000), to_timestamp($11::float8 / 1000))`,
        [
          matchId,
          change.epoch,
          change.version,
          change.source,
          change.catchUp,
          stored(change.before),
          stored(change.after),
          change.minute,
          JSON.stringify(change.goalIncidents),
          change.receivedAtMs,
          change.committedAtMs,
        ],
      );
      if (!row) return;
      await rows.sql.query(
        `INSERT INTO ts_matches (external_id, match_time, status_id, home_scores, away_scores, first_half_kickoff_ts,
           score_version, minute)
         VALUES ($1, 1700000000, $2, $3, $4, $5, $6, $7) ON CONFLICT (external_id) DO NOTHING`,
        [
          matchId,
          row.status,
          JSON.stringify(row.home),
          JSON.stringify(row.away),
          row.kickoffs.firstHalfS,
          row.version,
          row.minute,
        ],
      );
    },
    announce: async ({ matchId, before, after, announcedAtMs }) => {
      const insert = `INSERT INTO livescore_announced (match_id, incident_key, news, announced_at)
        VALUES ($1, 'k', $2, to_timestamp($3::float8 / 1000)), ($1, 'of an earlier version', NULL, now())`;
      await rows.sql.query(insert, [matchId, JSON.stringify({ before, after }), announcedAtMs]);
    },
    close: () => rows.close(),
  };
});

recentChangesContract('the in-memory record', async () => {
  const clock = new FakeClock();
  const changes = new InMemoryRecentChanges(clock);
  return {
    changes,
    nowMs: () => clock.nowMs(),
    add: async (change) => changes.add(change),
    announce: async (incident) => changes.announce(incident),
    close: async () => {},
  };
});
