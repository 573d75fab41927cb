import { describe, expect, it } from '@jest/globals';
import type { RetainedKind } from '../../src/retention/ports/retention-store.js';
import { FakeClock, InMemoryRetentionStore } from '../../src/testing/index.js';
import { type RetentionStoreHarness, retentionStoreContract } from '../contracts/retention-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { openPostgres } from './pg-retention-harness.js';

guardAgainstLeaks();

const DAY_MS = 86_400_000;

async function openMemory(): Promise<RetentionStoreHarness> {
  const clock = new FakeClock(1_700_000_000_000);
  const store = new InMemoryRetentionStore(clock);
  const atMs = (ageDays: number) => clock.nowMs() - ageDays * DAY_MS;
  const add = async (kind: RetainedKind, ageDays: number, stays = false, matchId?: string) =>
    store.add(kind, { atMs: atMs(ageDays), stays, ...(matchId !== undefined && { matchId }) });
  return {
    store,
    part: (part, matchId, ageDays, kind = 'over') =>
      add(part, ageDays, kind === 'unsettled' || kind === 'played', matchId),
    letter: (ageDays, isMarked) => add('letters', ageDays, isMarked),
    decision: (ageDays) => add('decisions', ageDays),
    comparison: (_matchId, ageDays) => add('comparisons', ageDays),
    deletion: (entity, id, ageDays, takenBackDays) => {
      const holds = takenBackDays === null && !(entity === 'match' && id !== 'kept-match');
      return add('deletions', takenBackDays ?? ageDays, holds);
    },
    question: (_id, ageDays) => add('questions', ageDays),
    matches: async (part) => [...new Set(store.rows(part).map(({ matchId }) => matchId ?? ''))].sort(),
    left: async (kind) => store.rows(kind).length,
    close: async () => {},
  };
}

retentionStoreContract('memory', openMemory);
retentionStoreContract('PostgreSQL', openPostgres);

describe('PostgreSQL', () => {
  it('goes through a long journal in batches, past what must stay', async () => {
    const harness = await openPostgres();
    try {
      await harness.sql.query(`INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at, settled_at)
        SELECT CASE WHEN n <= 1500 THEN 'kept' || n ELSE 'gone' || n END, 0, 1, 'mqtt', '{"status":8}',
          now() - interval '30 days' + n * interval '1 s', CASE WHEN n > 1500 THEN now() END FROM generate_series(1, 3500) n;
        INSERT INTO livescore_settlement_match (match_id, step, epoch, version, path, predictions, mode, next_at)
          SELECT 'kept' || n, 1, 0, 1, '{}', 1, 'on', now() FROM generate_series(1, 1500) n;
        INSERT INTO livescore_announced (match_id, incident_key) VALUES ('gone2000', 'k'), ('kept1', 'k')`);
      let [after, deleted, batches]: [string | null, number, number] = [null, 0, 0];
      for (; ; batches++) {
        const batch = await harness.store.prune('journal', 10, after);
        deleted += (batch.rows.livescore_journal ?? 0) + (batch.rows.livescore_announced ?? 0);
        if (batch.after === null) break;
        after = batch.after;
      }
      expect([deleted, batches]).toEqual([2_001, 3]);
      expect(await harness.matches('journal')).toHaveLength(1_500);
    } finally {
      await harness.close();
    }
  });

  it('goes through the verdicts of many matches in batches', async () => {
    const harness = await openPostgres();
    try {
      await harness.sql.query(`INSERT INTO livescore_settlement (prediction_id, is_shadow, revision, match_id, verdict, result,
          certainty, reason, cause, market, rule, rule_version, period, epoch, version, told, fingerprint, decided_at)
        SELECT gen_random_uuid(), n % 2 = 0, 1, 'm' || (n % 120), 'won', 'won', 2, 'r', 'goal', 'm', 'r', 1, 'p', 0, 1, true, 'f',
          now() - interval '800 days' FROM generate_series(1, 600) n;
        INSERT INTO livescore_journal (match_id, epoch, version, source, after) VALUES ('m7', 0, 1, 'mqtt', '{}')`);
      let [after, deleted, batches]: [string | null, number, number] = [null, 0, 0];
      for (; ; batches++) {
        const batch = await harness.store.prune('verdicts', 730, after);
        deleted += batch.rows.livescore_settlement ?? 0;
        if (batch.after === null) break;
        after = batch.after;
      }
      expect([deleted, batches]).toEqual([595, 2]);
      expect(await harness.matches('verdicts')).toEqual(['m7']);
    } finally {
      await harness.close();
    }
  });
});
