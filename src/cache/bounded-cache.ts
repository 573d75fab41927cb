import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { type Admission, CircuitBreaker } from '../kernel/circuit-breaker.js';
import { within } from '../kernel/deadline.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { REAL_TIME } from '../kernel/scheduler.js';
import { ResolvedMatchCacheOptions } from './cache.options.js';
import { LIVE_MATCHES_KEY } from './cache-keys.js';
import type { CacheStore } from './ports/cache-store.js';
import { StaleKeys } from './stale-keys.js';

/** `skipped`: nothing was tried; `failed`: it is not known what was done. */
export type CacheResult = 'done' | 'skipped' | 'failed';

/**
 * The cache in use, if any. Wrapped: Nest would run the lifecycle hooks of the host's cache a second time on a provider
 * that is the cache itself.
 */
export class ChosenStore {
  constructor(readonly store: CacheStore | null) {}
}

type Work<T> = (store: CacheStore, isAbandoned: () => boolean) => Promise<T>;

const DELETIONS_AT_ONCE = 500;

/**
 * The host's cache, which may be absent, slow, away or hanging: nothing here throws, and nothing takes longer than
 * `timeoutMs`. A failure opens a breaker for `retryAfterMs`. Keys that could not be deleted are deleted first when the
 * cache is back.
 */
@Injectable()
export class BoundedCache implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  readonly stale: StaleKeys;
  private readonly store: CacheStore | null;
  private readonly breaker: CircuitBreaker;
  private readonly failures = new SampledWarning(new Logger(BoundedCache.name), 'The cache failed or was late');
  private storeErrors = 0;
  private lastStoreError: unknown;
  /** A store that connects by its first command fails the others that come with it: then one goes ahead alone. */
  private isCold = true;
  private destroyed = false;
  private usedAfterDestroy = false;

  constructor(
    { store }: ChosenStore,
    private readonly options: ResolvedMatchCacheOptions,
    private readonly metrics: LiveScoreMetrics,
  ) {
    this.store = store;
    this.breaker = new CircuitBreaker({ retryAfterMs: options.retryAfterMs });
    this.stale = new StaleKeys(Math.max(options.matchTtlMs, options.listTtlMs));
  }

  /** Keyv answers a failed command like a success and tells only by its `error` event. */
  private readonly noteStoreError = (error: unknown): void => {
    this.storeErrors += 1;
    this.lastStoreError = error;
  };

  onModuleInit(): void {
    for (const keyv of this.store?.stores ?? []) keyv.on?.('error', this.noteStoreError);
  }

  /** Connects before the first commit needs it; a cache that is away delays the start by `timeoutMs`. */
  async onApplicationBootstrap(): Promise<void> {
    await this.attempt(async () => undefined);
  }

  onModuleDestroy(): void {
    this.destroyed = true;
    this.isCold = true;
  }

  /**
   * Nest's cache module disconnects in the phase before the last commits are written, and a Redis store then connects
   * again by itself for them: such a connection is closed here.
   */
  async onApplicationShutdown(): Promise<void> {
    if (this.usedAfterDestroy) await this.attempt(async (store) => store.disconnect?.());
    for (const keyv of this.store?.stores ?? []) keyv.off?.('error', this.noteStoreError);
  }

  get isPresent(): boolean {
    return this.store !== null;
  }

  /** False while nothing would be tried: no cache, or its breaker is open. */
  get isReady(): boolean {
    return this.store !== null && !this.breaker.refuses;
  }

  /** @returns undefined on a miss, a failure, or when the cached value may be old */
  async read<T>(key: string): Promise<T | undefined> {
    if (!this.isReady || this.stale.has(key)) return undefined;
    const { value } = await this.attempt((store) => store.get<T>(key));
    return value;
  }

  /** Deletes what is overdue, then does the work. After a failure the keys are distrusted: their state is unknown. */
  async write(keys: readonly string[], work: Work<unknown>): Promise<CacheResult> {
    const { result } = await this.attempt(async (store, isAbandoned) => {
      await this.deleteOverdue(store, isAbandoned);
      if (!isAbandoned()) await work(store, isAbandoned);
    });
    if (result === 'failed') this.stale.add(keys);
    return result;
  }

  private async deleteOverdue(store: CacheStore, isAbandoned: () => boolean): Promise<void> {
    while (this.stale.size > 0 && !isAbandoned()) {
      const overdue = this.stale.take(DELETIONS_AT_ONCE);
      const errorsBefore = this.storeErrors;
      await Promise.all(overdue.map(([key]) => store.del(key)));
      if (this.storeErrors !== errorsBefore) return;
      this.stale.forget(overdue);
    }
  }

  private async warmUp(store: CacheStore, admission: Admission): Promise<void> {
    if (admission === 'closed' && !this.isCold) return;
    await store.get(LIVE_MATCHES_KEY);
    this.isCold = false;
  }

  private async attempt<T>(work: Work<T>): Promise<{ result: CacheResult; value?: T }> {
    const { store } = this;
    if (!store) return { result: 'skipped' };
    const admission = this.breaker.admit();
    if (admission === 'refused') {
      this.metrics.cacheErrors.inc();
      return { result: 'skipped' };
    }
    this.usedAfterDestroy ||= this.destroyed;
    const errorsBefore = this.storeErrors;
    let abandoned = false;
    const { timeoutMs } = this.options;
    const attempted = this.warmUp(store, admission).then(async () => ({ value: await work(store, () => abandoned) }));
    // the bound holds whatever the application does with its timers
    try {
      const done = await within(attempted, timeoutMs, REAL_TIME);
      if (!done) throw new Error(`The cache did not answer within ${timeoutMs} ms`);
      if (this.storeErrors !== errorsBefore) throw this.lastStoreError;
      this.breaker.succeeded(admission);
      return { result: 'done', value: done.value };
    } catch (error) {
      abandoned = true;
      this.breaker.failed(admission);
      this.metrics.cacheErrors.inc();
      this.failures.warn({ error: error instanceof Error ? error.message : String(error) });
      return { result: 'failed' };
    }
  }
}
