import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common';
import { Lifecycle } from '../kernel/lifecycle.js';
import { FeedConnection } from '../mqtt-ingest/ports/feed-connection.js';
import { FeedMonitor } from './feed-monitor.service.js';
import { FeedSigns } from './feed-signs.js';
import type { FeedStateChanged } from './feed-state-changed.js';
import { Subscriptions } from './subscriptions.js';

/**
 * A session that the broker kept and that says nothing while matches are being played may be stuck at the broker, which
 * counts messages as handed out that never came: it is connected anew, and the broker begins to hand out again.
 */
@Injectable()
export class SilentSession implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SilentSession.name);
  private readonly life = new Lifecycle();

  constructor(
    @Inject(FeedMonitor) private readonly monitor: Pick<FeedMonitor, 'changes$'>,
    @Inject(Subscriptions) private readonly subscriptions: Pick<Subscriptions, 'isResumed' | 'lastAtMs'>,
    @Inject(FeedSigns) private readonly signs: Pick<FeedSigns, 'lastMessageAtMs'>,
    @Optional() @Inject(FeedConnection) private readonly connection?: Pick<FeedConnection, 'renew'>,
  ) {}

  onModuleInit(): void {
    this.life.start(() => this.monitor.changes$.subscribe((change) => this.changed(change)));
  }

  onModuleDestroy(): void {
    this.life.stop();
  }

  private changed({ to, reason }: FeedStateChanged): void {
    if (to !== 'delayed' || reason !== 'silence' || !this.subscriptions.isResumed) return;
    const { lastAtMs } = this.subscriptions;
    if ((this.signs.lastMessageAtMs ?? 0) > (lastAtMs ?? 0)) return;
    this.logger.warn('The session that the broker kept says nothing while matches are played: connecting again');
    this.connection?.renew();
  }
}
