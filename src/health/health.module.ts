import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { HealthProbes } from '../contracts/health-probe.js';
import { optionsModule } from '../kernel/options-module.js';
import { CollectedProbes } from './collected-probes.js';
import { ExplainController } from './explain.controller.js';
import { HealthController } from './health.controller.js';
import { type HealthExtras, ResolvedHealthOptions, resolveHealthOptions } from './health.options.js';
import { HealthReport } from './health-report.js';
import { MetricsController } from './metrics.controller.js';
import { PrefixlessHealth } from './prefixless-health.js';
import { ReadinessController } from './readiness.controller.js';
import { Readiness } from './readiness.js';

const ROUTES = [HealthController, ReadinessController, ExplainController];
const DEFAULT_EXTRAS: Required<HealthExtras> = { controller: true, metrics: false };

/**
 * `GET /health`: answers 200 with `{"ok":true,…}` from memory; `GET /ready` and `/health/ready`: 200, or 503 while the
 * database is away. All of them under the host's global prefix and without it. Exports {@link HealthReport} and
 * {@link Readiness} for hosts that answer themselves (`controller: false`).
 */
@Module({
  imports: [ContractsModule],
  providers: [CollectedProbes, { provide: HealthProbes, useExisting: CollectedProbes }, HealthReport, Readiness],
  exports: [HealthProbes, HealthReport, Readiness],
})
export class HealthModule extends optionsModule(
  'health',
  ResolvedHealthOptions,
  resolveHealthOptions,
  DEFAULT_EXTRAS,
  (definition, { controller, metrics }) => ({
    ...definition,
    controllers: controller ? [...ROUTES, ...(metrics ? [MetricsController] : [])] : [],
    providers: [...(definition.providers ?? []), ...(controller ? [PrefixlessHealth] : [])],
  }),
) {}
