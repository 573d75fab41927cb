import { Global, Module } from '@nestjs/common';
import { Accounting } from './accounting.js';
import { AccountingMetrics } from './accounting-metrics.js';
import { Clock, SystemClock } from './clock.js';
import { LiveScoreMetrics } from './livescore-metrics.js';
import { Scheduler, SystemScheduler } from './scheduler.js';
import { UpdateFates } from './update-fates.js';

const classes = [Accounting, AccountingMetrics, LiveScoreMetrics, UpdateFates];

/** The ground every feature stands on: clock, timers, metrics and books. Nest keeps one instance an application. */
@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, { provide: Scheduler, useClass: SystemScheduler }, ...classes],
  exports: [Clock, Scheduler, ...classes],
})
export class KernelModule {}
