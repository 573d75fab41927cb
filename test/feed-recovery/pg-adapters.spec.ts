import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgJournalWatermark } from '../../src/feed-recovery/adapters/pg/pg-journal-watermark.js';
import { PgLiveMatches } from '../../src/feed-recovery/adapters/pg/pg-live-matches.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

describe('what recovery reads from PostgreSQL', () => {
  let rows: PgScoreRows;
  beforeAll(async () => {
    rows = await PgScoreRows.open();
  }, 30_000);
  afterAll(() => rows.close());

  it('is every match of the live statuses, the newest kick-off first, with its last push', async () => {
    const matches = new PgLiveMatches(rows.connection);
    expect(await matches.list(10)).toEqual([]);
    for (let status = 0; status <= 13; status++) {
      await rows.sql.query(
        `INSERT INTO ts_matches (external_id, status_id, match_time, score_seen_at)
         VALUES ('s' || $1::text, $1::int, 1700000000 + $1::int, CASE WHEN $1::int = 4 THEN to_timestamp(1700000123.456) END)`,
        [status],
      );
    }
    expect(await matches.list(10)).toEqual([
      { matchId: 's7', seenAtMs: null },
      { matchId: 's5', seenAtMs: null },
      { matchId: 's4', seenAtMs: 1_700_000_123_456 },
      { matchId: 's3', seenAtMs: null },
      { matchId: 's2', seenAtMs: null },
    ]);
    expect(await matches.list(2)).toHaveLength(2);
  });

  it('is the newest receipt of the last day before a moment', async () => {
    const journal = new PgJournalWatermark(rows.connection);
    const nowMs = Date.now();
    expect(await journal.newestReceivedAtMs(nowMs)).toBeNull();
    const entries = [
      [1, nowMs - 30_000, '1 minute'],
      [2, nowMs - 20_000, '1 minute'],
      [3, nowMs - 10_000, '2 days'],
      [4, nowMs + 10_000, '0'],
    ] as const;
    for (const [version, receivedAtMs, age] of entries) {
      await rows.sql.query(
        `INSERT INTO livescore_journal (match_id, epoch, version, source, after, received_at, committed_at)
         VALUES ('m', 0, $1, 'mqtt', '{}', to_timestamp($2::float8 / 1000), now() - $3::interval)`,
        [version, receivedAtMs, age],
      );
    }
    expect(await journal.newestReceivedAtMs(nowMs)).toBeCloseTo(nowMs - 20_000, 0);
    expect(await journal.newestReceivedAtMs(nowMs + 60_000)).toBeCloseTo(nowMs + 10_000, 0);
  });
});
