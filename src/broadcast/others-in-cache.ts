import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit, Optional } from '@nestjs/common';
import { CommittedMatchCache } from '../cache/committed-match-cache.service.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import type { News } from './board/news.js';
import { BroadcastFeed } from './broadcast-feed.js';

/**
 * Forgets in this process's cache what other processes committed, before the clients are told of it. The process that commits has
 * brought a shared cache up to date already; one in memory is nobody else's.
 */
@Injectable()
export class OthersInCache implements OnModuleInit, OnApplicationShutdown {
  private readonly life = new Lifecycle();
  private readonly failures = new SampledWarning(
    new Logger('Broadcast'),
    'What another process committed could not be forgotten in the cache',
  );

  constructor(
    private readonly feed: BroadcastFeed,
    @Optional() private readonly cache?: CommittedMatchCache,
  ) {}

  /** Before the gateway listens, at bootstrap: listeners hear in the order in which they came. */
  onModuleInit(): void {
    const { cache } = this;
    if (cache) this.life.start(() => this.feed.news$.subscribe((news) => this.forget(cache, news)));
  }

  onApplicationShutdown(): void {
    this.life.stop();
  }

  private forget(cache: CommittedMatchCache, news: readonly News[]): void {
    const failed = (error: unknown): void => this.failures.warn({ error: reasonOf(error) });
    const changed = news.filter(({ origin, version, reset }) => origin !== 'here' && (version || reset));
    if (changed.length === 0) return;
    const ids = new Set(changed.flatMap(({ entry }) => (entry ? [entry.matchId] : [])));
    try {
      cache.afterOthers([...ids])?.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
