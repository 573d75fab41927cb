import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { LegacyOutbox } from './legacy-outbox.js';
import { LegacyPath } from './ports/legacy-path.js';

/**
 * The way into the platform's own write queue, `LegacyScorePath`, where the host binds one. Needs `LegacyPathSettings`
 * of a global module.
 */
@Module({
  imports: [ContractsModule],
  providers: [LegacyOutbox, { provide: LegacyPath, useExisting: LegacyOutbox }],
  exports: [LegacyPath],
})
export class LegacyPathModule {}
