import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { MatchTimes } from '../contracts/match-times.js';
import { WriteFence } from '../contracts/write-fence.js';
import { optionsModule } from '../kernel/options-module.js';
import { ScheduleNamesModule } from '../schedule/schedule-names.module.js';
import { PgMinuteStore } from './adapters/pg/pg-minute-store.js';
import { FollowedMatches } from './followed-matches.js';
import { FormatWatch } from './format-watch.js';
import { MatchFormats } from './match-formats.js';
import { type MinuteOptions, ResolvedMinuteOptions, resolveMinuteOptions } from './minute.options.js';
import { MinuteComparison } from './minute-comparison.js';
import { MinuteHealthProbe } from './minute-health-probe.js';
import { MinuteHold } from './minute-hold.js';
import { MinutePass } from './minute-pass.js';
import { MinuteSettings } from './minute-settings.js';
import { MinuteTick } from './minute-tick.js';
import { MinuteStore } from './ports/minute-store.js';

/**
 * The module keeps the minute of every match that is being played: formats, clocks, and the tick that writes minutes
 * into rows and tells legacy clients. Needs `PostgresModule`. Imports no `ScheduleModule`: a host that has one sees the
 * tick in its registry.
 */
@Module({
  imports: [ContractsModule, ScheduleNamesModule],
  providers: [
    { provide: MinuteStore, useClass: PgMinuteStore },
    WriteFence,
    MatchFormats,
    FollowedMatches,
    { provide: MatchTimes, useExisting: FollowedMatches },
    MinuteSettings,
    MinuteComparison,
    MinutePass,
    MinuteHold,
    MinuteTick,
    FormatWatch,
    MinuteHealthProbe,
  ],
  exports: [MatchTimes],
})
export class MinuteModule extends optionsModule('minute', ResolvedMinuteOptions, (options?: MinuteOptions) =>
  resolveMinuteOptions(options),
) {}
