import { Inject, Injectable, Optional } from '@nestjs/common';
import { Accounting } from '../kernel/accounting.js';
import { MqttFeedStatus } from '../mqtt-ingest/mqtt-feed-status.service.js';
import { BrokerBackpressure, NO_BROKER } from '../mqtt-ingest/ports/broker-backpressure.js';
import { ResolvedFeedRecoveryOptions } from './feed-recovery.options.js';
import { LiveMatchWatch } from './live-match-watch.js';
import { Subscriptions } from './subscriptions.js';

/** What a look at the feed finds: does it lag, is it silent? */
@Injectable()
export class FeedSigns {
  /** the last look that found updates waiting, our clock, unix ms */
  private behindAtMs = 0;

  constructor(
    private readonly accounting: Accounting,
    private readonly options: ResolvedFeedRecoveryOptions,
    private readonly watch: LiveMatchWatch,
    private readonly subscriptions: Subscriptions,
    @Optional() private readonly backlog: BrokerBackpressure = NO_BROKER,
    @Optional() @Inject(MqttFeedStatus) private readonly feed?: Pick<MqttFeedStatus, 'lastMessageAtMs'>,
  ) {}

  /** receipt of the newest message, our clock, unix ms; null before the first */
  get lastMessageAtMs(): number | null {
    return this.feed?.lastMessageAtMs ?? null;
  }

  /** Is an update unsettled for `lagMs`? */
  isLagging(nowMs: number): boolean {
    const { oldestAtMs } = this.accounting.inFlight();
    return oldestAtMs !== null && nowMs - oldestAtMs > this.options.lagMs;
  }

  /** Was nothing heard for `silenceMs` while matches are being played? Asked while subscribed. */
  isSilent(nowMs: number): boolean {
    // a broker that waits for our acknowledgements is silent for our sake
    if (this.backlog.isBehind) this.behindAtMs = nowMs;
    const heardAtMs = Math.max(this.subscriptions.lastAtMs ?? 0, this.lastMessageAtMs ?? 0, this.behindAtMs);
    return nowMs - heardAtMs >= this.options.silenceMs && this.watch.heardOfAny;
  }
}
