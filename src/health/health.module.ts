import { type MiddlewareConsumer, Module, type NestModule, Optional } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { HealthProbes } from '../contracts/health-probe.js';
import { optionsModule } from '../kernel/options-module.js';
import { AdapterRoutes, RoutesWanted } from './adapter-routes.js';
import { CollectedProbes } from './collected-probes.js';
import { ExplainAnswer } from './explain-answer.js';
import { type HealthExtras, ResolvedHealthOptions, resolveHealthOptions } from './health.options.js';
import { HealthGauges } from './health-gauges.js';
import { HealthReport } from './health-report.js';
import { InternalAnswers } from './internal-answers.js';
import { InternalSecret } from './internal-secret.js';
import { ParentProcess } from './parent-process.js';
import { Readiness } from './readiness.js';
import { ReadySignal } from './ready-signal.js';
import { Routes } from './routes.js';

const DEFAULT_EXTRAS: Required<HealthExtras> = { controller: true, metrics: false };

/**
 * The module answers probes: `GET /health` answers 200 with `{"ok":true,…}` from memory; `GET /ready` and
 * `/health/ready` 200, or 503 while the database is away. Who shows the internal secret is told more: the process, its
 * connections, latencies, clients, the sync, and why frames were applied or not. All of them under the host's global
 * prefix and without it, before its guards and interceptors; the option `routes` moves each or leaves it out. Exports
 * {@link HealthReport}, {@link Readiness} and {@link ExplainAnswer} for hosts that answer themselves (`controller:
 * false`).
 */
@Module({
  imports: [ContractsModule],
  providers: [
    CollectedProbes,
    { provide: HealthProbes, useExisting: CollectedProbes },
    HealthGauges,
    HealthReport,
    InternalAnswers,
    InternalSecret,
    Readiness,
    ExplainAnswer,
    ParentProcess,
    ReadySignal,
  ],
  exports: [HealthProbes, HealthReport, Readiness, ExplainAnswer],
})
export class HealthModule
  extends optionsModule(
    'health',
    ResolvedHealthOptions,
    resolveHealthOptions,
    DEFAULT_EXTRAS,
    (definition, { controller, metrics }) => {
      const routes = [Routes, AdapterRoutes, { provide: RoutesWanted, useValue: new RoutesWanted(metrics) }];
      return { ...definition, providers: [...(definition.providers ?? []), ...(controller ? routes : [])] };
    },
  )
  implements NestModule
{
  constructor(@Optional() private readonly routes?: AdapterRoutes) {
    super();
  }

  /** Nest asks for middleware before it adds the controllers' routes: the moment for ours to be the first. */
  configure(_consumer: MiddlewareConsumer): void {
    this.routes?.addFirst();
  }
}
