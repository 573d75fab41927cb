import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { CommittedChanges } from './committed-changes.js';
import { Disputes } from './disputes.js';
import { LiveScoreMetrics } from './livescore-metrics.js';
import { RecentDecisions } from './recent-decisions.js';

const shared = [
  { provide: Clock, useClass: SystemClock },
  CommittedChanges,
  Disputes,
  LiveScoreMetrics,
  RecentDecisions,
];

/** What every feature module of one application shares. Imported by each of them; Nest keeps one instance. */
@Global()
@Module({ providers: shared, exports: [Clock, CommittedChanges, Disputes, LiveScoreMetrics, RecentDecisions] })
export class SharedModule {}
