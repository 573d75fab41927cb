import { Global, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { FieldUpdateWriter } from './field-update-writer.js';
import { LegacyEvents } from './legacy-events.service.js';
import { OrchestratorFacade } from './orchestrator-facade.service.js';

/**
 * The module gives the platform's existing callers the orchestrator's call shape and events, with or without a rollout.
 * Takes no options. Needs `ScoreWriterModule`; uses a `LegacyOrchestrator` where the host binds one.
 */
@Global()
@Module({
  imports: [ContractsModule],
  providers: [LegacyEvents, FieldUpdateWriter, OrchestratorFacade],
  exports: [LegacyEvents, OrchestratorFacade],
})
export class LegacyCallersModule {}
