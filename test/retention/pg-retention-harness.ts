import { Client } from 'pg';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgRetentionStore } from '../../src/retention/adapters/pg/pg-retention-store.js';
import type { MatchKind, MatchPart, RetentionStoreHarness } from '../contracts/retention-store.contract.js';
import { createTestDatabase } from '../support/database.js';
import { PATIENT_POSTGRES } from '../support/patient-postgres.js';

/** `$1`: match, `$2`: age in days */
const AGE = `now() - $2 * interval '1 day'`;
const PARTS: Readonly<Record<MatchPart, string>> = {
  journal: `INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at)
    SELECT $1::varchar, 0, count(*), 'mqtt', '{}', ${AGE} FROM livescore_journal WHERE match_id = $1::varchar`,
  announcements: `INSERT INTO livescore_announced (match_id, incident_key, announced_at, news)
    VALUES ($1, gen_random_uuid()::text, ${AGE}, '{}')`,
  progress: `INSERT INTO livescore_settlement_match (match_id, step, epoch, version, path, predictions, mode, settled_at)
    VALUES ($1, 1, 0, 1, '{}', 1, 'on', ${AGE}) ON CONFLICT DO NOTHING`,
  withdrawn: `INSERT INTO livescore_withdrawn_incident (match_id, incident, withdrawn_at) VALUES ($1, '{}', ${AGE})`,
  disputes: `INSERT INTO livescore_format_dispute (match_id, format, played_s, raised_at) VALUES ($1, '2x45', 1, ${AGE})`,
  verdicts: `INSERT INTO livescore_settlement (prediction_id, is_shadow, revision, match_id, verdict, result, certainty, reason,
      cause, market, rule, rule_version, period, epoch, version, told, fingerprint, decided_at)
    VALUES (gen_random_uuid(), false, 1, $1, 'won', 'won', 2, 'r', 'goal', 'm', 'r', 1, 'p', 0, 1, true, 'f', ${AGE})`,
};
const TABLES: Readonly<Record<MatchPart, string>> = {
  journal: 'livescore_journal',
  announcements: 'livescore_announced',
  progress: 'livescore_settlement_match',
  withdrawn: 'livescore_withdrawn_incident',
  disputes: 'livescore_format_dispute',
  verdicts: 'livescore_settlement',
};
const OTHERS = {
  letters: 'livescore_dead_letter',
  decisions: 'livescore_rollout_decision',
  comparisons: 'livescore_shadow',
  deletions: 'livescore_sync_deleted',
  questions: 'livescore_sync_asked',
} as const;
const STATUS: Readonly<Record<MatchKind, number | null>> = { over: 8, unsettled: 8, played: 4, gone: null };

export interface PgRetentionHarness extends RetentionStoreHarness {
  readonly sql: Client;
  readonly connection: PgDatabase;
}

export async function openPostgres(): Promise<PgRetentionHarness> {
  const database = await createTestDatabase();
  const connection = new PgDatabase({ connectionString: database.url }, PATIENT_POSTGRES);
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  const run = async (text: string, ...values: readonly unknown[]) => void (await sql.query(text, [...values]));
  return {
    sql,
    connection,
    store: new PgRetentionStore(connection),
    part: async (part, matchId, ageDays, kind = 'over') => {
      if (kind === 'unsettled') await unsettle(sql, matchId);
      if (STATUS[kind] !== null) await insertMatch(sql, matchId, STATUS[kind]);
      await run(PARTS[part], matchId, ageDays);
    },
    letter: (ageDays, isMarked) =>
      run(
        `INSERT INTO livescore_dead_letter (reason, topic, payload, received_at, redrive_at)
         VALUES ('malformed', 't', '', now() - $1 * interval '1 day', $2)`,
        ageDays,
        isMarked ? new Date() : null,
      ),
    decision: (ageDays) =>
      run(
        `INSERT INTO livescore_rollout_decision (decided_at, verdict, action, stage, percent, reason, numbers)
         VALUES (now() - $1 * interval '1 day', 'well', 'none', 'canary', 1, '', '{}')`,
        ageDays,
      ),
    comparison: async (matchId, ageDays) => {
      await run(`INSERT INTO livescore_shadow (match_id, compared_at) VALUES ($1, ${AGE})`, matchId, ageDays);
    },
    deletion: (entity, id, ageDays, takenBackDays) =>
      run(
        `INSERT INTO livescore_sync_deleted (entity, external_id, seen_at, listed_at)
         VALUES ($1, $2, now() - $3 * interval '1 day', now() - $4 * interval '1 day')`,
        entity,
        id,
        ageDays,
        takenBackDays,
      ),
    question: (id, ageDays) =>
      run(`INSERT INTO livescore_sync_asked (entity, external_id, asked_at) VALUES ('team', $1, ${AGE})`, id, ageDays),
    matches: async (part) => {
      const { rows } = await sql.query(`SELECT DISTINCT match_id::text AS id FROM ${TABLES[part]} ORDER BY 1`);
      return rows.map(({ id }) => id);
    },
    left: async (kind) => (await sql.query(`SELECT count(*)::int AS n FROM ${OTHERS[kind]}`)).rows[0].n,
    close: async () => {
      await sql.end();
      await connection.close();
      await database.drop();
    },
  };
}

/** Its predictions wait for something. */
async function unsettle(sql: Client, matchId: string): Promise<void> {
  await sql.query(
    `INSERT INTO livescore_settlement_match (match_id, step, epoch, version, path, predictions, mode, next_at)
     VALUES ($1, 1, 0, 1, '{}', 1, 'on', now()) ON CONFLICT DO NOTHING`,
    [matchId],
  );
}

async function insertMatch(sql: Client, matchId: string, status: number): Promise<void> {
  await sql.query(
    `INSERT INTO ts_matches (external_id, status_id, match_time) SELECT $1::varchar, $2::int, 1
     WHERE NOT EXISTS (SELECT FROM ts_matches WHERE external_id = $1::varchar)`,
    [matchId, status],
  );
}
