import type { Committed } from '../contracts/committed-changes.js';
import { InvalidOptionError } from '../kernel/livescore.errors.js';
import type { CacheStore } from './ports/cache-store.js';

export interface MatchCacheOptions {
  /** Cache to use. @default the global `CACHE_MANAGER` of @nestjs/cache-manager; without one the module caches nothing */
  readonly cache?: CacheStore;
  /** Milliseconds a match stays cached, 1–3,600,000. @default 60000 */
  readonly matchTtlMs?: number;
  /** Milliseconds the list of live matches stays cached, 1–3,600,000. @default 3000 */
  readonly listTtlMs?: number;
  /** Milliseconds a commit or a read waits for the cache, 1–10,000. @default 100 */
  readonly timeoutMs?: number;
  /** Milliseconds without the cache after it failed or was late, 1–60,000. @default 1000 */
  readonly retryAfterMs?: number;
  /** Also write the platform's feed key `thesports:ws:score:<id>`. @default true */
  readonly legacyScoreKey?: boolean;
  /**
   * Keys of the host's own caches that a change makes wrong; at most 100 per change are deleted. Called for every
   * committed change, synchronously: no I/O. @default none
   */
  readonly extraKeys?: (change: Committed) => readonly string[];
}

export type ResolvedMatchCacheOptions = Required<Omit<MatchCacheOptions, 'cache'>> & Pick<MatchCacheOptions, 'cache'>;

const MODULE = 'MatchCacheModule';

/**
 * Fills in the defaults and checks every value.
 * @throws InvalidOptionError naming the option, what it must be and what was received
 */
export function resolveMatchCacheOptions(options: MatchCacheOptions = {}): ResolvedMatchCacheOptions {
  return {
    cache: cacheStore(options.cache),
    matchTtlMs: integer('matchTtlMs', options.matchTtlMs ?? 60_000, 3_600_000),
    listTtlMs: integer('listTtlMs', options.listTtlMs ?? 3_000, 3_600_000),
    timeoutMs: integer('timeoutMs', options.timeoutMs ?? 100, 10_000),
    retryAfterMs: integer('retryAfterMs', options.retryAfterMs ?? 1_000, 60_000),
    legacyScoreKey: options.legacyScoreKey ?? true,
    extraKeys: keyFunction(options.extraKeys ?? (() => [])),
  };
}

function cacheStore(cache: CacheStore | undefined): CacheStore | undefined {
  const methods = ['get', 'set', 'del'] as const;
  if (cache === undefined || methods.every((name) => typeof cache?.[name] === 'function')) return cache;
  throw new InvalidOptionError(MODULE, 'cache', 'a cache-manager cache (get, set, del)', typeof cache);
}

function keyFunction(extraKeys: unknown): ResolvedMatchCacheOptions['extraKeys'] {
  if (typeof extraKeys === 'function') return extraKeys as ResolvedMatchCacheOptions['extraKeys'];
  throw new InvalidOptionError(MODULE, 'extraKeys', 'a function from a change to cache keys', typeof extraKeys);
}

function integer(option: keyof MatchCacheOptions, value: unknown, max: number): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max) return value as number;
  throw new InvalidOptionError(MODULE, option, `an integer from 1 to ${max}`, value);
}
