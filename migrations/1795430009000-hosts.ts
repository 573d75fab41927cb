import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

/** Which hosts run, and what each of them allows. */
export class Hosts1795430009000 implements MigrationInterface {
  readonly name = 'Hosts1795430009000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of createStatements(schema)) await queryRunner.query(statement);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, () => queryRunner.query(`DROP TABLE IF EXISTS ${schema}.livescore_host`));
  }
}

const createStatements = (schema: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_host (
    host    text        PRIMARY KEY,
    key     text        NOT NULL,
    facts   jsonb       NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  `COMMENT ON TABLE ${schema}.livescore_host IS 'The hosts that run; rows that nobody has written for a day are deleted'`,
  `COMMENT ON COLUMN ${schema}.livescore_host.host IS 'Name of the process, as in livescore_lease.holder'`,
  `COMMENT ON COLUMN ${schema}.livescore_host.key IS
    'Made up by the process when it started: lets livescore explain ask it. Worth nothing once it has ended'`,
  `COMMENT ON COLUMN ${schema}.livescore_host.facts IS 'As in its health: the lease, and what it lowers the rollout by'`,
  `COMMENT ON COLUMN ${schema}.livescore_host.seen_at IS 'Last sign of life'`,
];
