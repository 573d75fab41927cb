import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

/** Formats of matches that are not twice 45 minutes, and matches whose half-time came too early for their format. */
export class MinuteTables1795430020000 implements MigrationInterface {
  readonly name = 'MinuteTables1795430020000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of createStatements(schema)) await queryRunner.query(statement);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, () =>
      queryRunner.query(`DROP TABLE IF EXISTS ${schema}.livescore_format_dispute, ${schema}.livescore_match_format`),
    );
  }
}

const createStatements = (schema: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_match_format (
    scope      text        NOT NULL CHECK (scope IN ('match', 'competition')),
    id         text        NOT NULL,
    format     text        NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by text,
    reason     text,
    PRIMARY KEY (scope, id)
  )`,
  `COMMENT ON TABLE ${schema}.livescore_match_format IS
    'Matches that are not twice 45 minutes; that of a match goes before that of its competition'`,
  `COMMENT ON COLUMN ${schema}.livescore_match_format.id IS 'external_id of the match, or competition_id'`,
  `COMMENT ON COLUMN ${schema}.livescore_match_format.format IS
    'Halves of 45, 40, 35 or 30 minutes, extra time of twice 15 or 10: 2x40, or 2x40+2x10. Others are told, and not used'`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_format_dispute (
    match_id   text        PRIMARY KEY,
    format     text        NOT NULL,
    played_s   integer     NOT NULL,
    raised_at  timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  `COMMENT ON TABLE ${schema}.livescore_format_dispute IS
    'Matches whose half-time came too early: nothing may be settled at half-time until livescore_match_format says their format'`,
  `COMMENT ON COLUMN ${schema}.livescore_format_dispute.format IS 'The format that the match was thought to have'`,
  `COMMENT ON COLUMN ${schema}.livescore_format_dispute.played_s IS 'From the kick-off to half-time, seconds'`,
];
