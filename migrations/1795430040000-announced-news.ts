import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

/** An announced incident keeps what it told, and the last minute of them is found at once: a takeover tells it again. */
export class AnnouncedNews1795430040000 implements MigrationInterface {
  readonly name = 'AnnouncedNews1795430040000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of upStatements(schema)) await queryRunner.query(statement);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, () =>
      queryRunner.query(`ALTER TABLE ${schema}.livescore_announced DROP COLUMN IF EXISTS news`),
    );
  }
}

/**
 * The rows of before have no news: they are read once, and the index begins empty. Whoever announces waits no longer than
 * for a lock.
 */
const upStatements = (schema: string): readonly string[] => [
  `ALTER TABLE ${schema}.livescore_announced ADD COLUMN IF NOT EXISTS news jsonb`,
  `COMMENT ON COLUMN ${schema}.livescore_announced.news IS
    'What clients were told: {"after": incident}, with "before" where it corrects one; null for rows of earlier versions'`,
  `SELECT pg_catalog.set_config('statement_timeout', pg_catalog.current_setting('lock_timeout'), true)`,
  `CREATE INDEX IF NOT EXISTS livescore_announced_by_time
    ON ${schema}.livescore_announced (announced_at) WHERE news IS NOT NULL`,
];
