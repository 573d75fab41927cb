import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUTHORITIES_SETTING, authorityFunctionSql } from './foreign-writer-authority.sql.js';
import { tracingFunctionSql } from './foreign-writer-traces.sql.js';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

const FUNCTION = 'livescore_foreign_writer';

/** Who is an authority is a setting, no stamp; what a refused statement said of minute and end is refused with it. */
export class ForeignWriterAuthority1795430010000 implements MigrationInterface {
  readonly name = 'ForeignWriterAuthority1795430010000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema, columns } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      await queryRunner.query(authorityFunctionSql(schema, FUNCTION, columns));
      await queryRunner.query(`COMMENT ON TABLE ${schema}.livescore_setting IS
        'Settings that change at run time. foreign_writer_mode: off, observe or protect; ${AUTHORITIES_SETTING}: sources whose stamp is an authority, none: the default of the hosts'`);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema, columns } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      await queryRunner.query(tracingFunctionSql(schema, FUNCTION, columns));
      await queryRunner.query(`DELETE FROM ${schema}.livescore_setting WHERE name = '${AUTHORITIES_SETTING}'`);
      await queryRunner.query(`COMMENT ON TABLE ${schema}.livescore_setting IS
        'Settings that change at run time. foreign_writer_mode: off, observe or protect'`);
    });
  }
}
