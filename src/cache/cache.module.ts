import { ConfigurableModuleBuilder, type DynamicModule, Global, Logger, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { BoundedCache, type ChosenStore } from './bounded-cache.js';
import { type MatchCacheOptions, type ResolvedMatchCacheOptions, resolveMatchCacheOptions } from './cache.options.js';
import { CACHE_STORE, MATCH_CACHE_OPTIONS, NEST_CACHE_MANAGER, RESOLVED_MATCH_CACHE_OPTIONS } from './cache.tokens.js';
import { CachedReads } from './cached-reads.service.js';
import { CommittedMatchCache } from './committed-match-cache.service.js';
import { NewestVersions } from './newest-versions.js';
import type { CacheStore } from './ports/cache-store.js';
import { SingleFlight } from './single-flight.js';

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<MatchCacheOptions>({
  optionsInjectionToken: MATCH_CACHE_OPTIONS,
})
  .setClassMethodName('forRoot')
  .build();

/** Wrapped: Nest would run the lifecycle hooks of the host's cache a second time on a provider that is the cache itself. */
function chooseStore({ cache }: ResolvedMatchCacheOptions, hostCache?: CacheStore): ChosenStore {
  const store = cache ?? hostCache ?? null;
  if (!store) new Logger(MatchCacheModule.name).log('No cache: neither the option "cache" nor a global CacheModule');
  return { store };
}

/**
 * Keeps the host's cache true to the committed state. Uses the host's `CacheModule` of @nestjs/cache-manager when that is
 * registered with `isGlobal: true`.
 */
@Global()
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: RESOLVED_MATCH_CACHE_OPTIONS, useFactory: resolveMatchCacheOptions, inject: [MATCH_CACHE_OPTIONS] },
    {
      provide: CACHE_STORE,
      useFactory: chooseStore,
      inject: [RESOLVED_MATCH_CACHE_OPTIONS, { token: NEST_CACHE_MANAGER, optional: true }],
    },
    BoundedCache,
    SingleFlight,
    NewestVersions,
    CachedReads,
    CommittedMatchCache,
  ],
  exports: [CachedReads, CommittedMatchCache],
})
export class MatchCacheModule extends ConfigurableModuleClass {
  static override forRoot(options: MatchCacheOptions = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: MatchCacheModule };
  }
}
