import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { DatabaseProbe } from './database-probe.js';
import { ExplainController } from './explain.controller.js';
import { resolveExplainOptions } from './explain.options.js';
import { EXPLAIN_OPTIONS } from './explain.tokens.js';
import { HealthController } from './health.controller.js';
import type { HealthExtras, HealthOptions } from './health.options.js';
import { HEALTH_OPTIONS } from './health.tokens.js';
import { HealthReport } from './health-report.js';
import { MetricsController } from './metrics.controller.js';
import { PrefixlessHealth } from './prefixless-health.js';
import { ReadinessController } from './readiness.controller.js';
import { Readiness } from './readiness.js';

const CONTROLLERS = [HealthController, ReadinessController, ExplainController];
const DEFAULT_EXTRAS: Required<HealthExtras> = { controller: true, metrics: false };

const { ConfigurableModuleClass, OPTIONS_TYPE } = new ConfigurableModuleBuilder<HealthOptions>({
  optionsInjectionToken: HEALTH_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras<HealthExtras>(DEFAULT_EXTRAS, (definition, { controller, metrics }) => ({
    ...definition,
    global: true,
    controllers: controller ? [...CONTROLLERS, ...(metrics ? [MetricsController] : [])] : [],
    providers: [
      ...(definition.providers ?? []),
      { provide: EXPLAIN_OPTIONS, useFactory: resolveExplainOptions, inject: [HEALTH_OPTIONS] },
      HealthReport,
      DatabaseProbe,
      Readiness,
      ...(controller ? [PrefixlessHealth] : []),
    ],
    exports: [HealthReport, Readiness],
  }))
  .build();

/**
 * `GET /health`: answers 200 with `{"ok":true,…}` from memory; `GET /ready` and `/health/ready`: 200, or 503 while the
 * database is away. All of them under the host's global prefix and without it. Exports {@link HealthReport} and
 * {@link Readiness} for hosts that answer themselves (`controller: false`).
 */
@Module({ imports: [ContractsModule] })
export class HealthModule extends ConfigurableModuleClass {
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: HealthModule };
  }
}
