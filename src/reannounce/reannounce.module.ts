import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { RecentChangesModule } from './recent-changes.module.js';
import { TakeoverRepeat } from './takeover-repeat.js';

/**
 * After a restart or a takeover, tells clients again what was committed in the last 60 s. Takes no options. Needs
 * `PostgresModule`; uses `LeaseModule` where it is registered, and does nothing without `BroadcastModule`.
 */
@Module({
  imports: [ContractsModule, RecentChangesModule],
  providers: [TakeoverRepeat],
  exports: [RecentChangesModule],
})
export class ReannounceModule {}
