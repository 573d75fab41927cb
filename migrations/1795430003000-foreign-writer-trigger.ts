import type { MigrationInterface, QueryRunner } from 'typeorm';
import { foreignWriterFunctionSql, foreignWriterTriggerSql } from './foreign-writer.sql.js';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

/** Sorts after every other trigger of the table, so that it sees the row as it will be written. */
const TRIGGER = 'zzz_livescore_foreign_writer';
const FUNCTION = 'livescore_foreign_writer';

/** The trigger that notices (and may hold off) writers that are not ours. Idle until `foreign_writer_mode` is changed. */
export class ForeignWriterTrigger1795430003000 implements MigrationInterface {
  readonly name = 'ForeignWriterTrigger1795430003000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema, columns } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      await queryRunner.query(foreignWriterFunctionSql(schema, FUNCTION, columns));
      await queryRunner.query(`REVOKE ALL ON FUNCTION ${schema}.${FUNCTION}() FROM PUBLIC`);
      if (await hasTrigger(queryRunner, schema)) return;
      await queryRunner.query(foreignWriterTriggerSql(schema, TRIGGER, FUNCTION, columns));
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      if (await hasTrigger(queryRunner, schema))
        await queryRunner.query(`DROP TRIGGER ${TRIGGER} ON ${schema}.ts_matches`);
      await queryRunner.query(`DROP FUNCTION IF EXISTS ${schema}.${FUNCTION}()`);
    });
  }
}

async function hasTrigger(queryRunner: QueryRunner, schema: string): Promise<boolean> {
  const rows: unknown[] = await queryRunner.query(
    `SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass($2) AND tgname = $1`,
    [TRIGGER, `${schema}.ts_matches`],
  );
  return rows.length > 0;
}
