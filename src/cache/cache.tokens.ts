/** Options as the host gave them. */
export const MATCH_CACHE_OPTIONS = Symbol.for('@goalgpt/livescore/cache/options');
/** Options with defaults, checked. */
export const RESOLVED_MATCH_CACHE_OPTIONS = Symbol.for('@goalgpt/livescore/cache/resolved-options');
/** The cache to use, or null, wrapped in an object. */
export const CACHE_STORE = Symbol.for('@goalgpt/livescore/cache/store');
/** Injection token of @nestjs/cache-manager, equal in 3.x and 12.x; that package is an optional peer. */
export const NEST_CACHE_MANAGER = 'CACHE_MANAGER';
