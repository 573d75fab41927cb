import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

/** Who takes the feed, what of it did not reach its row, and what the journal must know to tell a change again. */
export class DeliveryTables1795430004000 implements MigrationInterface {
  readonly name = 'DeliveryTables1795430004000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of createStatements(schema)) await queryRunner.query(statement);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const table of ['livescore_dead_letter', 'livescore_lease']) {
        await queryRunner.query(`DROP TABLE IF EXISTS ${schema}.${table}`);
      }
      await queryRunner.query(
        `ALTER TABLE IF EXISTS ${schema}.livescore_journal DROP COLUMN IF EXISTS minute, DROP COLUMN IF EXISTS goal_incidents`,
      );
    });
  }
}

const createStatements = (schema: string): readonly string[] => [
  `ALTER TABLE ${schema}.livescore_journal
    ADD COLUMN IF NOT EXISTS minute integer, ADD COLUMN IF NOT EXISTS goal_incidents jsonb`,
  ...comments(schema, 'livescore_journal', JOURNAL_COMMENTS),
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_lease (
    name        varchar(50)  PRIMARY KEY,
    holder      text         NOT NULL,
    fence       bigint       NOT NULL,
    client_id   varchar(128) NOT NULL,
    acquired_at timestamptz,
    renewed_at  timestamptz,
    expires_at  timestamptz  NOT NULL
  )`,
  `COMMENT ON TABLE ${schema}.livescore_lease IS
    'Which process takes the feed. A statement with a fence below the one here writes nothing'`,
  ...comments(schema, 'livescore_lease', LEASE_COMMENTS),
  `INSERT INTO ${schema}.livescore_lease (name, holder, fence, client_id, expires_at)
    VALUES ('ingest', '', 0, 'livescore' || substr(md5(random()::text || clock_timestamp()::text), 1, 12), '-infinity')
    ON CONFLICT (name) DO NOTHING`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_dead_letter (
    id          bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reason      varchar(40)  NOT NULL,
    detail      text,
    match_id    varchar(255),
    topic       text         NOT NULL,
    payload     bytea        NOT NULL,
    received_at timestamptz  NOT NULL,
    buried_at   timestamptz  NOT NULL DEFAULT clock_timestamp(),
    redrive_at  timestamptz,
    redrives    integer      NOT NULL DEFAULT 0
  )`,
  `CREATE INDEX IF NOT EXISTS livescore_dead_letter_reason ON ${schema}.livescore_dead_letter (reason, id)`,
  `CREATE INDEX IF NOT EXISTS livescore_dead_letter_redrive
    ON ${schema}.livescore_dead_letter (redrive_at) WHERE redrive_at IS NOT NULL`,
  `CREATE UNIQUE INDEX IF NOT EXISTS livescore_dead_letter_unknown_match
    ON ${schema}.livescore_dead_letter (match_id) WHERE reason = 'unknown-match'`,
  `COMMENT ON TABLE ${schema}.livescore_dead_letter IS 'Feed messages whose effect did not reach ts_matches'`,
  ...comments(schema, 'livescore_dead_letter', DEAD_LETTER_COMMENTS),
];

const comments = (schema: string, table: string, texts: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(texts).map(([column, text]) => `COMMENT ON COLUMN ${schema}.${table}.${column} IS '${text}'`);

const JOURNAL_COMMENTS = {
  minute: 'Match minute that clients were told with the change; null when none',
  goal_incidents: 'Of a change that announces or takes back goals: the incidents that named the scorers',
} as const;

const LEASE_COMMENTS = {
  name: 'What is leased: ingest, the feed',
  holder: 'Name of the process that holds it, empty before the first',
  fence: 'Rises with every term; statements carry the fence of the term they were made in',
  client_id: 'Client id at the broker: the same for every holder, so that a session survives a restart',
  acquired_at: 'Start of the present term',
  renewed_at: 'Last sign of life of the holder',
  expires_at: 'From then on anybody may take it',
} as const;

const DEAD_LETTER_COMMENTS = {
  reason: 'malformed, unknown-match or cannot-be-written',
  detail: 'What exactly: rejection reason or SQLSTATE',
  match_id: 'Match it is about, null when that is not known for sure; one row per match for unknown-match',
  topic: 'MQTT topic',
  payload: 'The message as received',
  received_at: 'When this process received it, our clock',
  buried_at: 'When it was stored, database clock',
  redrive_at: 'An operator asked for another attempt; null otherwise',
  redrives: 'Attempts made so far',
} as const;
