import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

const TABLES = [
  'livescore_rollout',
  'livescore_pin',
  'livescore_shadow',
  'livescore_shadow_goal',
  'livescore_rollout_decision',
];

/** Which matches go the direct way, why, and how the two ways compare. */
export class RolloutTables1795430005000 implements MigrationInterface {
  readonly name = 'RolloutTables1795430005000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of createStatements(schema)) await queryRunner.query(statement);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const table of TABLES) await queryRunner.query(`DROP TABLE IF EXISTS ${schema}.${table}`);
    });
  }
}

const createStatements = (schema: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_rollout (
    id                 bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stage              varchar(10) NOT NULL CHECK (stage IN ('legacy', 'shadow', 'canary', 'direct')),
    percent            integer     NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
    allow_matches      jsonb       NOT NULL DEFAULT '[]',
    deny_matches       jsonb       NOT NULL DEFAULT '[]',
    allow_competitions jsonb       NOT NULL DEFAULT '[]',
    deny_competitions  jsonb       NOT NULL DEFAULT '[]',
    step_plan          jsonb,
    latched            boolean     NOT NULL DEFAULT false,
    changed_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_by         text        NOT NULL,
    reason             text        NOT NULL
  )`,
  `COMMENT ON TABLE ${schema}.livescore_rollout IS
    'Every change of the rollout, oldest first; the row with the highest id is in force, none means legacy'`,
  ...comments(schema, 'livescore_rollout', {
    stage:
      'legacy: the legacy path writes; shadow: it writes and the direct path is compared with it; canary: percent of the matches go the direct way, the others are in shadow; direct: all do',
    percent: 'Share of the matches in canary, by a hash of the match id',
    allow_matches: 'Match ids that go the direct way in canary whatever their hash',
    deny_matches: 'Match ids that stay on the legacy path in every stage',
    allow_competitions: 'The same by ts_matches.competition_id',
    deny_competitions: 'The same by ts_matches.competition_id',
    step_plan: 'Steps of an automatic rollout: [{"percent":10,"soakS":3600}, ...]; null for none',
    latched: 'Taken back automatically: only an operator sets another stage',
  }),
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_pin (
    match_id  varchar(255) PRIMARY KEY,
    route     varchar(10)  NOT NULL CHECK (route IN ('legacy', 'direct')),
    pinned_at timestamptz  NOT NULL DEFAULT clock_timestamp(),
    pinned_by text         NOT NULL,
    reason    text
  )`,
  `COMMENT ON TABLE ${schema}.livescore_pin IS 'Matches an operator tied to one path, whatever the stage'`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_shadow (
    match_id     varchar(255) PRIMARY KEY,
    consistent   bigint       NOT NULL DEFAULT 0,
    inconsistent bigint       NOT NULL DEFAULT 0,
    errors       bigint       NOT NULL DEFAULT 0,
    samples      jsonb        NOT NULL DEFAULT '[]',
    compared_at  timestamptz  NOT NULL DEFAULT clock_timestamp()
  )`,
  `COMMENT ON TABLE ${schema}.livescore_shadow IS
    'What the direct path would have written against what the legacy path wrote, per match'`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_shadow_goal (
    match_id  varchar(255) NOT NULL,
    home      integer      NOT NULL,
    away      integer      NOT NULL,
    direct_at timestamptz,
    legacy_at timestamptz,
    PRIMARY KEY (match_id, home, away)
  )`,
  `COMMENT ON TABLE ${schema}.livescore_shadow_goal IS
    'When either path had a goal; home and away are the score after it. legacy_at is null while the legacy path lacks it'`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_rollout_decision (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    verdict    varchar(20) NOT NULL,
    action     varchar(20) NOT NULL,
    stage      varchar(10) NOT NULL,
    percent    integer     NOT NULL,
    reason     text        NOT NULL,
    numbers    jsonb       NOT NULL
  )`,
  `COMMENT ON TABLE ${schema}.livescore_rollout_decision IS
    'What the automatic analysis found and did, with its numbers'`,
];

const comments = (schema: string, table: string, texts: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(texts).map(([column, text]) => `COMMENT ON COLUMN ${schema}.${table}.${column} IS '${text}'`);
