import { Global, Module } from '@nestjs/common';
import { Accounting } from './accounting.js';
import { AccountingMetrics } from './accounting-metrics.js';
import { Backlog } from './backlog.js';
import { Clock, SystemClock } from './clock.js';
import { CommittedChanges } from './committed-changes.js';
import { Disputes } from './disputes.js';
import { FeedSignals } from './feed-signals.js';
import { ForeignChanges } from './foreign-changes.js';
import { ForeignWriters } from './foreign-writers.js';
import { LiveScoreMetrics } from './livescore-metrics.js';
import { MatchActivity } from './match-activity.js';
import { ProviderClock } from './provider-clock.js';
import { RecentDecisions } from './recent-decisions.js';
import { Scheduler, SystemScheduler } from './scheduler.js';
import { UpdateFates } from './update-fates.js';

const classes = [
  Accounting,
  Backlog,
  AccountingMetrics,
  CommittedChanges,
  Disputes,
  FeedSignals,
  ForeignChanges,
  ForeignWriters,
  LiveScoreMetrics,
  MatchActivity,
  ProviderClock,
  RecentDecisions,
  UpdateFates,
];

/** What every feature module of one application shares. Imported by each of them; Nest keeps one instance. */
@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, { provide: Scheduler, useClass: SystemScheduler }, ...classes],
  exports: [Clock, Scheduler, ...classes],
})
export class SharedModule {}
