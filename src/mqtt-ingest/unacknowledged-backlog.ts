import { Inject, Injectable } from '@nestjs/common';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ResolvedMqttIngestOptions } from './mqtt-ingest.options.js';
import { BrokerBackpressure } from './ports/broker-backpressure.js';
import { FeedSignals } from './ports/feed-signals.js';

/** Behind: an update has no fate after that long. */
const BEHIND_MS = 1_000;
/** What the broker held back meanwhile comes within that time after it. */
const CALM_MS = 5_000;

/** Works out {@link BrokerBackpressure} from what has no fate yet and from sessions that the broker kept. */
@Injectable()
export class UnacknowledgedBacklog extends BrokerBackpressure {
  override readonly brokerWaits: boolean;
  /** as `Scheduler.monotonicMs` */
  private behindAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly accounting: Accounting,
    signals: FeedSignals,
    @Inject(ResolvedMqttIngestOptions) { qos, acknowledge }: Pick<ResolvedMqttIngestOptions, 'qos' | 'acknowledge'>,
  ) {
    super();
    this.brokerWaits = qos === 1 && acknowledge === 'after-commit';
    signals.signals$.subscribe((signal) => {
      if (signal.kind === 'subscribed' && signal.resumed) this.behindAtMs = scheduler.monotonicMs();
    });
  }

  override get isBehind(): boolean {
    if (!this.brokerWaits) return false;
    const { oldestAtMs } = this.accounting.inFlight();
    const isBehind = oldestAtMs !== null && Math.abs(this.clock.nowMs() - oldestAtMs) > BEHIND_MS;
    if (isBehind) this.behindAtMs = this.scheduler.monotonicMs();
    return isBehind;
  }

  override get isOver(): boolean {
    return !this.isBehind && this.scheduler.monotonicMs() - this.behindAtMs >= CALM_MS;
  }
}
