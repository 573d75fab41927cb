import { Global, Module } from '@nestjs/common';
import { KernelModule } from '../kernel/kernel.module.js';
import { BrokerBackpressure } from './broker-backpressure.js';
import { CommittedChanges } from './committed-changes.js';
import { Disputes } from './disputes.js';
import { FeedSignals } from './feed-signals.js';
import { ForeignChanges } from './foreign-changes.js';
import { ForeignWriters } from './foreign-writers.js';
import { MatchActivity } from './match-activity.js';
import { MatchLookups } from './match-lookups.js';
import { ProviderClock } from './provider-clock.js';
import { RecentDecisions } from './recent-decisions.js';

const classes = [
  BrokerBackpressure,
  CommittedChanges,
  Disputes,
  FeedSignals,
  ForeignChanges,
  ForeignWriters,
  MatchActivity,
  MatchLookups,
  ProviderClock,
  RecentDecisions,
];

/** What the features of one application say to each other. Imported by each of them; Nest keeps one instance. */
@Global()
@Module({ imports: [KernelModule], providers: classes, exports: [KernelModule, ...classes] })
export class ContractsModule {}
