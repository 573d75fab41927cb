import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit, Optional } from '@nestjs/common';
import { guardedCall } from '../kernel/guarded-call.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import type { News } from './board/news.js';
import { BroadcastFeed } from './broadcast-feed.js';
import type { ClientFrame } from './ports/client-frame.js';
import { LegacyBroadcastPort } from './ports/legacy-broadcast.js';

/** Hands the frames about what this process committed to the host's own broadcaster, where one is bound. */
@Injectable()
export class HostBroadcaster implements OnModuleInit, OnApplicationShutdown {
  private readonly life = new Lifecycle();
  private readonly failures = new SampledWarning(
    new Logger(HostBroadcaster.name),
    "The host's broadcaster refused a frame",
  );

  constructor(
    private readonly feed: BroadcastFeed,
    private readonly metrics: LiveScoreMetrics,
    @Optional() private readonly broadcaster?: LegacyBroadcastPort,
  ) {}

  onModuleInit(): void {
    const { broadcaster } = this;
    if (!broadcaster) return;
    this.life.start(() => this.feed.news$.subscribe((news) => this.send(broadcaster, news)));
  }

  onApplicationShutdown(): void {
    this.life.stop();
  }

  private send(broadcaster: LegacyBroadcastPort, news: readonly News[]): void {
    for (const frame of news.flatMap(({ origin, frames }) => (origin === 'here' ? frames : []))) {
      const { type, matchId } = frame;
      guardedCall(
        () => {
          const sent: unknown = broadcaster.broadcast(frame, mqttReceiptOf(frame));
          this.metrics.framesSent.labels(type).inc();
          return sent;
        },
        (error) => this.failures.warn({ type, matchId, error: reasonOf(error) }),
      );
    }
  }
}

function mqttReceiptOf(frame: ClientFrame): number | null {
  return 'source' in frame && frame.source === 'mqtt' ? frame.receivedAt : null;
}
