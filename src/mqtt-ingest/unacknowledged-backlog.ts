import { Injectable } from '@nestjs/common';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler } from '../kernel/scheduler.js';
import { BrokerBackpressure } from './ports/broker-backpressure.js';
import { FeedSignals } from './ports/feed-signals.js';

/** Behind: an update has no fate after that long. */
const BEHIND_MS = 1_000;
/** What the broker held back meanwhile comes within that time after it. */
const CALM_MS = 5_000;
/** How long an answer for the guard holds: it asks with every frame, and adding up what is in flight costs. */
const ANSWER_MS = 100;

/** When the broker forgets its copy of a frame. */
export type BrokerForgets = 'once-acknowledged' | 'once-sent';

/** Works out {@link BrokerBackpressure} from what has no fate yet and from sessions that the broker kept. */
@Injectable()
export class UnacknowledgedBacklog extends BrokerBackpressure {
  private forgets: BrokerForgets = 'once-acknowledged';
  /** as `Scheduler.monotonicMs` */
  private behindAtMs = Number.NEGATIVE_INFINITY;
  private answeredAtMs = Number.NEGATIVE_INFINITY;
  private answer = false;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly accounting: Accounting,
    signals: FeedSignals,
  ) {
    super();
    signals.signals$.subscribe((signal) => {
      if (signal.kind !== 'subscribed' || !signal.resumed) return;
      this.behindAtMs = scheduler.monotonicMs();
      this.answeredAtMs = Number.NEGATIVE_INFINITY;
    });
  }

  /**
   * With QoS 0, or where messages are acknowledged on receipt, the broker forgets a frame once it is sent: then none is
   * held back for our sake.
   */
  brokerForgets(when: BrokerForgets): void {
    this.forgets = when;
  }

  override get brokerWaits(): boolean {
    if (this.forgets === 'once-sent') return false;
    const nowMs = this.scheduler.monotonicMs();
    if (nowMs - this.answeredAtMs < ANSWER_MS) return this.answer;
    this.answeredAtMs = nowMs;
    this.answer = !this.isOver;
    return this.answer;
  }

  override get isBehind(): boolean {
    if (this.forgets === 'once-sent') return false;
    const { oldestAtMs } = this.accounting.inFlight();
    const isBehind = oldestAtMs !== null && Math.abs(this.clock.nowMs() - oldestAtMs) > BEHIND_MS;
    if (isBehind) this.behindAtMs = this.scheduler.monotonicMs();
    return isBehind;
  }

  override get isOver(): boolean {
    return !this.isBehind && this.scheduler.monotonicMs() - this.behindAtMs >= CALM_MS;
  }
}
