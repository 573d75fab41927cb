import { LiveScoreError } from '../kernel/livescore.errors.js';

/** The host's cache did not answer in time. Logged, never thrown at callers. */
export class CacheTimeoutError extends LiveScoreError {
  constructor(timeoutMs: number) {
    super('LIVESCORE_CACHE_TIMEOUT', `The cache did not answer within ${timeoutMs} ms`, { timeoutMs });
  }
}
