import { Global, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { AfterCommitPublisher } from './after-commit-publisher.js';

/**
 * Joins the commits to the cache and the clients. Takes no options: it uses `MatchCacheModule` and `BroadcastModule`
 * where they are registered, and does without either.
 */
@Global()
@Module({ imports: [ContractsModule], providers: [AfterCommitPublisher] })
export class AfterCommitModule {}
