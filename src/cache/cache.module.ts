import { Logger, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { BoundedCache, ChosenStore } from './bounded-cache.js';
import { ResolvedMatchCacheOptions, resolveMatchCacheOptions } from './cache.options.js';
import { CachedReads } from './cached-reads.service.js';
import { CommittedMatchCache } from './committed-match-cache.service.js';
import { NewestVersions } from './newest-versions.js';
import type { CacheStore } from './ports/cache-store.js';
import { SingleFlight } from './single-flight.js';

/** Injection token of @nestjs/cache-manager, equal in 3.x and 12.x; that package is an optional peer. */
const NEST_CACHE_MANAGER = 'CACHE_MANAGER';

function chooseStore({ cache }: ResolvedMatchCacheOptions, hostCache?: CacheStore): ChosenStore {
  const store = cache ?? hostCache ?? null;
  if (!store) new Logger(MatchCacheModule.name).log('No cache: neither the option "cache" nor a global CacheModule');
  return new ChosenStore(store);
}

/**
 * The module keeps the host's cache true to the committed state. Uses the host's `CacheModule` of @nestjs/cache-manager
 * when that is registered with `isGlobal: true`.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    {
      provide: ChosenStore,
      useFactory: chooseStore,
      inject: [ResolvedMatchCacheOptions, { token: NEST_CACHE_MANAGER, optional: true }],
    },
    BoundedCache,
    SingleFlight,
    NewestVersions,
    CachedReads,
    CommittedMatchCache,
  ],
  exports: [CachedReads, CommittedMatchCache],
})
export class MatchCacheModule extends optionsModule('cache', ResolvedMatchCacheOptions, resolveMatchCacheOptions) {}
