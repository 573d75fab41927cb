import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SAFE_PATH, withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

const FUNCTION = 'livescore_foreign_writer';

/**
 * The function of the trigger looks names up in the catalogue only. It runs with the rights of its owner: whoever could
 * create in the schema of the tables made a function there whose types match better, and it ran with these rights.
 */
export class SafeForeignWriter1795430011000 implements MigrationInterface {
  readonly name = 'SafeForeignWriter1795430011000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, () =>
      queryRunner.query(`ALTER FUNCTION ${schema}.${FUNCTION}() SET search_path = ${SAFE_PATH}`),
    );
  }

  /** What was made safe stays so: the function names the schema of every table, and works as before. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await findPlatformTable(queryRunner);
  }
}
