import { Injectable } from '@nestjs/common';
import { BoundedCache } from './bounded-cache.js';
import { ResolvedMatchCacheOptions } from './cache.options.js';
import { LIVE_MATCHES_KEY, matchViewKey } from './cache-keys.js';
import { NewestVersions, type Versioned } from './newest-versions.js';
import { SingleFlight } from './single-flight.js';

/**
 * The host reads through its cache with this service, safe against commits: a load that began before a commit is never
 * cached, an older version never takes the place of a newer one, and readers of one key share one load. Without a
 * cache, or while it is away, every read loads (shared among those that wait at the same time). Errors of the loader go
 * to its readers.
 */
@Injectable()
export class CachedReads {
  constructor(
    private readonly cache: BoundedCache,
    private readonly fills: SingleFlight,
    private readonly versions: NewestVersions,
    private readonly options: ResolvedMatchCacheOptions,
  ) {}

  /**
   * One match, cached at `livescore:view:<id>` for `matchTtlMs` or until its next commit.
   * @param load reads it from the database, plain JSON data; null when there is none (not cached)
   */
  match<T extends Versioned>(matchId: string, load: () => Promise<T | null>): Promise<T | null> {
    return this.read(matchViewKey(matchId), this.options.matchTtlMs, load, (view) =>
      view === null ? false : this.versions.isOlder(matchId, view),
    );
  }

  /**
   * The list of live matches, cached at `live:matches` for `listTtlMs` or until the next commit of any match.
   * @param load reads it from the database, plain JSON data
   */
  liveMatches<T>(load: () => Promise<T>): Promise<T> {
    return this.read(LIVE_MATCHES_KEY, this.options.listTtlMs, load, () => false);
  }

  private read<T>(key: string, ttlMs: number, load: () => Promise<T>, isOld: (value: T) => boolean): Promise<T> {
    return this.fills.share(key, async (fill) => {
      const cached = await this.cache.read<T>(key);
      if (cached !== undefined && cached !== null && !isOld(cached)) return cached;
      const value = await load();
      const isWorthKeeping = value !== null && value !== undefined && this.cache.isReady;
      if (isWorthKeeping && !fill.isStale && !isOld(value)) {
        fill.keep(() => this.cache.write([key], (store) => store.set(key, value, ttlMs)));
      }
      return value;
    });
  }
}
