import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { MatchRouter } from '../shared/match-router.js';
import { SharedModule } from '../shared/shared.module.js';
import { PgRolloutStore } from './adapters/pg/pg-rollout-store.js';
import { PgShadowStore } from './adapters/pg/pg-shadow-store.js';
import { LegacyOutbox } from './legacy-outbox.js';
import { RolloutStore } from './ports/rollout-store.js';
import { ShadowSink } from './ports/shadow-sink.js';
import { ShadowStore } from './ports/shadow-store.js';
import { ResolvedRolloutOptions, type RolloutOptions, resolveRolloutOptions } from './rollout.options.js';
import { RolloutController } from './rollout-controller.service.js';
import { RolloutMeasures } from './rollout-measures.service.js';
import { RolloutRouter } from './rollout-router.js';
import { RolloutState } from './rollout-state.service.js';
import { ResolvedRolloutWatchOptions, resolveRolloutWatchOptions } from './rollout-watch.options.js';
import { ShadowComparison } from './shadow-comparison.service.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE } = new ConfigurableModuleBuilder<RolloutOptions>({
  optionsInjectionToken: Symbol.for('@goalgpt/livescore/rollout-options'),
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();

/**
 * Decides per match whether the legacy path or the direct one writes it. The host provides its queue as
 * `LegacyScorePath` in a global module. Needs `PostgresModule` and `ScoreWriterModule`; import it after them.
 */
@Module({
  imports: [SharedModule],
  providers: [
    {
      provide: ResolvedRolloutOptions,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: RolloutOptions) => resolveRolloutOptions(options),
    },
    {
      provide: ResolvedRolloutWatchOptions,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: RolloutOptions) => resolveRolloutWatchOptions(options.watch),
    },
    { provide: RolloutStore, useClass: PgRolloutStore },
    { provide: ShadowStore, useClass: PgShadowStore },
    RolloutState,
    LegacyOutbox,
    ShadowComparison,
    { provide: ShadowSink, useExisting: ShadowComparison },
    RolloutMeasures,
    RolloutController,
    RolloutRouter,
    { provide: MatchRouter, useExisting: RolloutRouter },
  ],
  exports: [RolloutState, RolloutController, RolloutStore, MatchRouter, ResolvedRolloutOptions],
})
export class RolloutModule extends ConfigurableModuleClass {
  /** @throws InvalidOptionError at bootstrap, when an option or a variable of the environment is wrong */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: RolloutModule };
  }
}
