import { Global, Module } from '@nestjs/common';
import { Accounting } from './accounting.js';
import { Clock, SystemClock } from './clock.js';
import { EventLog } from './event-log.js';
import { LiveScoreMetrics } from './livescore-metrics.js';
import { OutcomeCounter } from './outcome-counter.js';
import { Scheduler, SystemScheduler } from './scheduler.js';

const classes = [Accounting, EventLog, LiveScoreMetrics, OutcomeCounter];

/** The ground every feature stands on: clock, timers, log, metrics and books. Nest keeps one instance an application. */
@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, { provide: Scheduler, useClass: SystemScheduler }, ...classes],
  exports: [Clock, Scheduler, ...classes],
})
export class KernelModule {
  constructor(accounting: Accounting, metrics: LiveScoreMetrics) {
    metrics.showBooks(() => accounting.balance());
  }
}
