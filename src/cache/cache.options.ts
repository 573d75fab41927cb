import type { Committed } from '../contracts/committed-changes.js';
import { optionsOf } from '../kernel/options.js';
import { checked, flag, integer, object } from '../kernel/options-rules.js';
import type { CacheStore } from './ports/cache-store.js';

/** These options configure {@link MatchCacheModule}. */
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

type ExtraKeys = NonNullable<MatchCacheOptions['extraKeys']>;

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedMatchCacheOptions extends optionsOf(
  'MatchCacheModule',
  object({
    cache: checked<CacheStore | undefined>('a cache-manager cache (get, set, del)', isCacheStore, undefined),
    matchTtlMs: integer({ default: 60_000, min: 1, max: 3_600_000, unit: 'ms' }),
    listTtlMs: integer({ default: 3_000, min: 1, max: 3_600_000, unit: 'ms' }),
    timeoutMs: integer({ default: 100, min: 1, max: 10_000, unit: 'ms' }),
    retryAfterMs: integer({ default: 1_000, min: 1, max: 60_000, unit: 'ms' }),
    legacyScoreKey: flag(true),
    extraKeys: checked<ExtraKeys>('a function from a change to cache keys', isFunction, () => []),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveMatchCacheOptions(options?: MatchCacheOptions): ResolvedMatchCacheOptions {
  return new ResolvedMatchCacheOptions(options);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isCacheStore(value: unknown): boolean {
  const store = value as Partial<CacheStore> | null;
  return [store?.get, store?.set, store?.del].every(isFunction);
}
