import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { SharedModule } from '../shared/shared.module.js';
import { ExplainController } from './explain.controller.js';
import { resolveExplainOptions } from './explain.options.js';
import { EXPLAIN_OPTIONS } from './explain.tokens.js';
import { HealthController } from './health.controller.js';
import type { HealthExtras, HealthOptions } from './health.options.js';
import { HEALTH_OPTIONS } from './health.tokens.js';
import { HealthReport } from './health-report.js';
import { MetricsController } from './metrics.controller.js';
import { PrefixlessHealth } from './prefixless-health.js';

const DEFAULT_EXTRAS: Required<HealthExtras> = { controller: true, metrics: false };

const { ConfigurableModuleClass, OPTIONS_TYPE } = new ConfigurableModuleBuilder<HealthOptions>({
  optionsInjectionToken: HEALTH_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras<HealthExtras>(DEFAULT_EXTRAS, (definition, { controller, metrics }) => ({
    ...definition,
    global: true,
    controllers: controller ? [HealthController, ExplainController, ...(metrics ? [MetricsController] : [])] : [],
    providers: [
      ...(definition.providers ?? []),
      { provide: EXPLAIN_OPTIONS, useFactory: resolveExplainOptions, inject: [HEALTH_OPTIONS] },
      HealthReport,
      ...(controller ? [PrefixlessHealth] : []),
    ],
    exports: [HealthReport],
  }))
  .build();

/**
 * `GET /health`: answers 200 with `{"ok":true,…}` from memory, under the host's global prefix and without it.
 * Exports {@link HealthReport} for hosts that answer it themselves (`controller: false`).
 */
@Module({ imports: [SharedModule] })
export class HealthModule extends ConfigurableModuleClass {
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: HealthModule };
  }
}
