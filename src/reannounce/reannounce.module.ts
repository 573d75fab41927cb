import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { PgRecentChanges } from './adapters/pg/pg-recent-changes.js';
import { RecentChanges } from './ports/recent-changes.js';
import { TakeoverRepeat } from './takeover-repeat.js';

/**
 * After a restart or a takeover, tells clients again what was committed in the last 60 s. Takes no options. Needs
 * `PostgresModule`; uses `LeaseModule` where it is registered, and does nothing without `BroadcastModule`.
 */
@Module({
  imports: [ContractsModule],
  providers: [{ provide: RecentChanges, useClass: PgRecentChanges }, TakeoverRepeat],
})
export class ReannounceModule {}
