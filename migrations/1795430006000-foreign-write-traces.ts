import type { MigrationInterface, QueryRunner } from 'typeorm';
import { foreignWriterFunctionSql } from './foreign-writer.sql.js';
import { tracingFunctionSql } from './foreign-writer-traces.sql.js';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

const FUNCTION = 'livescore_foreign_writer';

/** Traces of what other writers tried, and who changed the mode of the trigger. */
export class ForeignWriteTraces1795430006000 implements MigrationInterface {
  readonly name = 'ForeignWriteTraces1795430006000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema, columns } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of createStatements(schema)) await queryRunner.query(statement);
      await queryRunner.query(tracingFunctionSql(schema, FUNCTION, columns));
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema, columns } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      await queryRunner.query(foreignWriterFunctionSql(schema, FUNCTION, columns));
      await queryRunner.query(`DROP TABLE IF EXISTS ${schema}.livescore_foreign_write`);
      await queryRunner.query(
        `ALTER TABLE IF EXISTS ${schema}.livescore_setting DROP COLUMN IF EXISTS changed_by, DROP COLUMN IF EXISTS reason`,
      );
    });
  }
}

const createStatements = (schema: string): readonly string[] => [
  `ALTER TABLE ${schema}.livescore_setting
    ADD COLUMN IF NOT EXISTS changed_by text, ADD COLUMN IF NOT EXISTS reason text`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_foreign_write (
    id       bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    match_id varchar(255) NOT NULL,
    version  bigint       NOT NULL,
    at       timestamptz  NOT NULL DEFAULT clock_timestamp(),
    mode     varchar(10)  NOT NULL,
    result   varchar(10)  NOT NULL CHECK (result IN ('passed', 'admin', 'held-off', 'reverted')),
    before   jsonb        NOT NULL,
    offered  jsonb,
    told_at  timestamptz
  )`,
  `CREATE INDEX IF NOT EXISTS livescore_foreign_write_untold
    ON ${schema}.livescore_foreign_write (id) WHERE told_at IS NULL`,
  `COMMENT ON TABLE ${schema}.livescore_foreign_write IS
    'What writers other than the direct path did, or tried to do, to score, status and kick-offs. The oldest rows are deleted'`,
  ...Object.entries(COMMENTS).map(
    ([column, text]) => `COMMENT ON COLUMN ${schema}.livescore_foreign_write.${column} IS '${text}'`,
  ),
];

const COMMENTS = {
  version: 'ts_matches.score_version after the write',
  mode: 'Mode of the trigger at the time; revert for livescore revert',
  result:
    'passed: written and journaled; admin: the same, by an administrator; held-off: the row kept its values; reverted: livescore revert took back what the direct path had written',
  before: 'State before, shaped as in livescore_journal',
  offered: 'What a held-off write would have written; null otherwise',
  told_at: 'When a host counted it, and told clients where it had to; null until then',
} as const;
