import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexJournalByTime, prepareJournalByTime, undoJournalByTime } from './journal-by-time.js';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

/** The last minute of the journal is found at once, however long the journal is and whether it was ever vacuumed or not. */
export class JournalByTime1795430012000 implements MigrationInterface {
  readonly name = 'JournalByTime1795430012000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await prepareJournalByTime(queryRunner, schema);
    await withLockRetries(queryRunner, () => indexJournalByTime(queryRunner, schema));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, () => undoJournalByTime(queryRunner, schema));
  }
}
