import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { logFields } from '../kernel/log-fields.js';
import { Scheduler } from '../kernel/scheduler.js';
import { CentrifugoPublisher } from './adapters/centrifugo/centrifugo-publisher.js';
import type { News } from './board/news.js';
import { ResolvedBroadcastOptions } from './broadcast.options.js';
import { BroadcastFeed } from './broadcast-feed.js';
import { changeFrame } from './ports/match-frame-of.js';
import type { ChangeFrame } from './ports/match-frames.js';
import { positionText } from './ports/position.js';

/** Publishes to Centrifugo, where it is configured, what this process committed, and what it tells once more after a takeover. */
@Injectable()
export class CentrifugoFeed implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Broadcast');
  private readonly life = new Lifecycle();
  private readonly publisher: CentrifugoPublisher | null;

  constructor(
    { centrifugo }: ResolvedBroadcastOptions,
    private readonly feed: BroadcastFeed,
    private readonly clock: Clock,
    scheduler: Scheduler,
    metrics: LiveScoreMetrics,
  ) {
    this.publisher = centrifugo ? new CentrifugoPublisher(centrifugo, { scheduler, metrics }) : null;
  }

  onModuleInit(): void {
    const { publisher } = this;
    if (!publisher) return;
    this.life.start(() => this.feed.news$.subscribe((news) => this.publish(publisher, news)));
  }

  async onApplicationShutdown(): Promise<void> {
    this.life.stop();
    await this.publisher?.onApplicationShutdown();
  }

  private publish(publisher: CentrifugoPublisher, news: readonly News[]): void {
    try {
      publisher.publish(news.flatMap((one) => this.changeOf(one)));
    } catch (error) {
      this.logger.error('News could not be published to Centrifugo', logFields({ error }));
    }
  }

  private changeOf({ origin, version, repeated }: News): readonly ChangeFrame[] {
    if (origin !== 'here') return [];
    const nowMs = this.clock.nowMs();
    if (version) {
      const { told, previous, restated, jumped } = version;
      return [changeFrame(told, positionText(previous), { restated, conflated: jumped }, nowMs)];
    }
    return repeated ? [changeFrame(repeated, positionText(repeated.previous), {}, nowMs)] : [];
  }
}
