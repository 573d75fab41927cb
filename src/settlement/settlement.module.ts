import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { WriteFence } from '../contracts/write-fence.js';
import { optionsModule } from '../kernel/options-module.js';
import { whereDatabase } from '../postgres/database.js';
import { PgPredictionRepository } from './adapters/pg/pg-prediction-repository.js';
import { PgSettlementDesk } from './adapters/pg/pg-settlement-desk.js';
import { FollowUpCalls } from './follow-up-calls.js';
import { MatchSettlement } from './match-settlement.js';
import { PredictionRepository } from './ports/prediction-repository.js';
import { SettlementDesk } from './ports/settlement-desk.js';
import { ResolvedSettlementOptions, resolveSettlementOptions, type SettlementOptions } from './settlement.options.js';
import { SettlementAnnouncer } from './settlement-announcer.js';
import { SettlementDrive } from './settlement-drive.js';
import { SettlementHealthProbe } from './settlement-health-probe.js';
import { SettlementReport } from './settlement-report.js';
import { SettlementSettings } from './settlement-settings.js';

/**
 * The module settles predictions by the committed score: exactly once, and takes them back with it. Needs
 * `PostgresModule`.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: PredictionRepository, useClass: PgPredictionRepository },
    whereDatabase(SettlementDesk, PgSettlementDesk),
    WriteFence,
    SettlementReport,
    SettlementSettings,
    MatchSettlement,
    SettlementDrive,
    SettlementAnnouncer,
    FollowUpCalls,
    SettlementHealthProbe,
  ],
  exports: [PredictionRepository, SettlementDesk],
})
export class SettlementModule extends optionsModule(
  'settlement',
  ResolvedSettlementOptions,
  (options?: SettlementOptions) => resolveSettlementOptions(options),
) {}
