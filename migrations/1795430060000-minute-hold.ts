import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { HOLD_SETTING, minuteHoldFunctionSql, minuteHoldTriggerSql } from './minute-hold.sql.js';
import { findPlatformTable } from './platform-table.js';

const TRIGGER = 'zzy_livescore_minute_hold';
const FUNCTION = 'livescore_minute_hold';

/** The trigger that keeps the minute of matches that the tick holds, whatever other programs write. */
export class MinuteHold1795430060000 implements MigrationInterface {
  readonly name = 'MinuteHold1795430060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema, columns } = await findPlatformTable(queryRunner);
    if (!columns.has('minute')) return;
    await withLockRetries(queryRunner, async () => {
      await queryRunner.query(minuteHoldFunctionSql(schema, FUNCTION, columns));
      await queryRunner.query(`REVOKE ALL ON FUNCTION ${schema}.${FUNCTION}() FROM PUBLIC`);
      if (await hasTrigger(queryRunner, schema)) return;
      await queryRunner.query(minuteHoldTriggerSql(schema, TRIGGER, FUNCTION));
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      if (await hasTrigger(queryRunner, schema))
        await queryRunner.query(`DROP TRIGGER ${TRIGGER} ON ${schema}.ts_matches`);
      await queryRunner.query(`DROP FUNCTION IF EXISTS ${schema}.${FUNCTION}()`);
      await queryRunner.query(`DELETE FROM ${schema}.livescore_setting WHERE name = '${HOLD_SETTING}'`);
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
