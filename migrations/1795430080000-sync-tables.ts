import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

const TABLES = [
  'livescore_sync_status',
  'livescore_sync_deleted',
  'livescore_sync_asked',
  'livescore_sync_change',
  'livescore_stale_match',
  'livescore_provider_budget',
];

/** Runs of the sync, what the provider deleted or changed, matches that stand still, and the budget of requests. */
export class SyncTables1795430080000 implements MigrationInterface {
  readonly name = 'SyncTables1795430080000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of createStatements(schema)) await queryRunner.query(statement);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    const tables = TABLES.map((table) => `${schema}.${table}`).join(', ');
    await withLockRetries(queryRunner, () => queryRunner.query(`DROP TABLE IF EXISTS ${tables}`));
  }
}

const createStatements = (schema: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_sync_status (
    entity       text        PRIMARY KEY,
    run_id       uuid,
    kind         text        CHECK (kind IN ('full', 'incremental', 'diff')),
    runner       text,
    started_at   timestamptz,
    heartbeat_at timestamptz,
    page         integer     NOT NULL DEFAULT 1,
    newest       bigint,
    seen         bigint      NOT NULL DEFAULT 0,
    added        bigint      NOT NULL DEFAULT 0,
    changed      bigint      NOT NULL DEFAULT 0,
    refused      bigint      NOT NULL DEFAULT 0,
    deleted      bigint      NOT NULL DEFAULT 0,
    ticks        bigint      NOT NULL DEFAULT 0,
    tick_at      timestamptz,
    verdict      text        CHECK (verdict IN ('complete', 'partial', 'failed')),
    error        text,
    finished_at  timestamptz,
    complete_at  timestamptz,
    full_at      timestamptz,
    watermark    bigint,
    wanted       text        CHECK (wanted IN ('full', 'incremental', 'diff')),
    wanted_at    timestamptz,
    wanted_by    text,
    diff         jsonb
  )`,
  `COMMENT ON TABLE ${schema}.livescore_sync_status IS 'One row per entity or job of the sync: the run under way or the last one'`,
  ...commentsOn(`${schema}.livescore_sync_status`, STATUS_COMMENTS),
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_sync_deleted (
    entity      text         NOT NULL,
    external_id varchar(255) NOT NULL,
    seen_at     timestamptz  NOT NULL DEFAULT clock_timestamp(),
    listed_at   timestamptz,
    PRIMARY KEY (entity, external_id)
  )`,
  `COMMENT ON TABLE ${schema}.livescore_sync_deleted IS
    'What the provider has deleted; the rows of the platform stay. Holds while listed_at is null'`,
  `COMMENT ON COLUMN ${schema}.livescore_sync_deleted.listed_at IS 'When a list of the provider named it again'`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_sync_asked (
    entity      text         NOT NULL,
    external_id varchar(255) NOT NULL,
    asked_at    timestamptz  NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (entity, external_id)
  )`,
  `COMMENT ON TABLE ${schema}.livescore_sync_asked IS 'When the provider was last asked about a single row'`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_sync_change (
    type        smallint     NOT NULL,
    id          varchar(255) NOT NULL,
    of          text         NOT NULL CHECK (of IN ('match', 'team', 'season', 'other')),
    update_time bigint,
    seen_at     timestamptz  NOT NULL DEFAULT clock_timestamp(),
    fate        text         NOT NULL,
    PRIMARY KEY (type, id)
  )`,
  `COMMENT ON TABLE ${schema}.livescore_sync_change IS
    'The newest entry of /data/update per type and id, and who was told of it'`,
  `CREATE INDEX IF NOT EXISTS livescore_sync_change_seen ON ${schema}.livescore_sync_change (seen_at)`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_stale_match (
    match_id   varchar(255) PRIMARY KEY,
    reason     text         NOT NULL,
    since      timestamptz  NOT NULL DEFAULT clock_timestamp(),
    asked_at   timestamptz,
    stale_at   timestamptz
  )`,
  `COMMENT ON TABLE ${schema}.livescore_stale_match IS
    'Live matches that stand still: asked about first, stale when the answer changed nothing'`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_provider_budget (
    name       text        PRIMARY KEY,
    version    bigint      NOT NULL,
    state      jsonb       NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  `COMMENT ON TABLE ${schema}.livescore_provider_budget IS 'Requests to the provider that all instances share'`,
];

const STATUS_COMMENTS = {
  entity: 'team, player and so on, or a job like diary',
  run_id: 'The run under way; null between runs. Every statement of a run carries it',
  kind: 'of the run under way, or the last one',
  heartbeat_at: 'The runner lives: without it for a minute another instance takes the run over',
  page: 'The first page that is not stored yet',
  newest: 'Newest change that the run has stored, unix seconds',
  tick_at: 'The newest moment of its schedule that was taken',
  ticks: 'How many were taken',
  complete_at: 'When the last complete run began, database clock',
  full_at: 'When the last complete full run began',
  watermark: 'The next incremental run asks for changes since then, unix seconds',
  wanted: 'Asked for by hand, and not begun yet',
  diff: 'Result of the last comparison',
} as const;

function commentsOn(table: string, comments: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(comments).map(([column, text]) => `COMMENT ON COLUMN ${table}.${column} IS '${text}'`);
}
