import { Global, Module } from '@nestjs/common';
import { PgRecentChanges } from './adapters/pg/pg-recent-changes.js';
import { RecentChanges } from './ports/recent-changes.js';

/** The journal for those who tell it again. Global, without options; needs `PostgresModule`. */
@Global()
@Module({
  providers: [{ provide: RecentChanges, useClass: PgRecentChanges }],
  exports: [RecentChanges],
})
export class RecentChangesModule {}
