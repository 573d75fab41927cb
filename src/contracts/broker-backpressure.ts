import { Injectable } from '@nestjs/common';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler } from '../kernel/scheduler.js';
import { FeedSignals } from './feed-signals.js';

/** Behind: an update has no fate after that long. */
const BEHIND_MS = 1_000;
/** What the broker held back meanwhile comes within that time after it. */
const CALM_MS = 5_000;

/**
 * Does the broker still hold frames back? A broker that waits for acknowledgements does while this process is behind,
 * and one that kept our session does when we come back. The provider's answer is newer than those frames: taken before
 * them, it would make them look like goals taken back. So nobody asks the provider meanwhile.
 */
@Injectable()
export class BrokerBackpressure {
  /** False with QoS 0, or where messages are acknowledged on receipt: then no frame is held back for our sake. */
  brokerWaits = true;
  /** as `Scheduler.monotonicMs` */
  private behindAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly accounting: Accounting,
    signals: FeedSignals,
  ) {
    signals.signals$.subscribe((signal) => {
      if (signal.kind === 'subscribed' && signal.resumed) this.behindAtMs = scheduler.monotonicMs();
    });
  }

  /** Has an update waited so long for its fate that the broker may wait, too? With a clock that was set back nobody can say: it may have. */
  get isBehind(): boolean {
    if (!this.brokerWaits) return false;
    const { oldestAtMs } = this.accounting.inFlight();
    const isBehind = oldestAtMs !== null && Math.abs(this.clock.nowMs() - oldestAtMs) > BEHIND_MS;
    if (isBehind) this.behindAtMs = this.scheduler.monotonicMs();
    return isBehind;
  }

  /** Is nothing held back any more, as far as can be known? */
  get isOver(): boolean {
    return !this.isBehind && this.scheduler.monotonicMs() - this.behindAtMs >= CALM_MS;
  }
}
