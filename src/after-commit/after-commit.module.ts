import { Global, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { LatencyFacts } from '../contracts/latency-facts.js';
import { AfterCommitPublisher } from './after-commit-publisher.js';
import { Latencies } from './latencies.js';

/**
 * The module joins the commits to the cache and the clients. Takes no options: it uses `MatchCacheModule` and
 * `BroadcastModule` where they are registered, and does without either.
 */
@Global()
@Module({
  imports: [ContractsModule],
  providers: [AfterCommitPublisher, Latencies, { provide: LatencyFacts, useExisting: Latencies }],
  exports: [LatencyFacts],
})
export class AfterCommitModule {}
