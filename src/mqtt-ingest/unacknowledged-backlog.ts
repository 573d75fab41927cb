import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { BrokerBackpressure } from './ports/broker-backpressure.js';
import { FeedSignals } from './ports/feed-signals.js';

/** Behind: an update has no fate after that long. */
const BEHIND_MS = 1_000;
/** What the broker held back meanwhile comes within that time after it. */
const CALM_MS = 5_000;
/** How long an answer for the guard holds: it asks with every frame, and adding up what is in flight costs. */
const ANSWER_MS = 250;
/** Longer than the broker takes from an acknowledgement to the next message, if it has one. */
const QUIET_MS = 200;

/** When the broker forgets its copy of a frame. */
export type BrokerForgets = 'once-acknowledged' | 'once-sent';

/** Works out {@link BrokerBackpressure} from what has no fate yet and from sessions that the broker kept. */
@Injectable()
export class UnacknowledgedBacklog extends BrokerBackpressure implements OnModuleInit, OnModuleDestroy {
  private forgets: BrokerForgets = 'once-acknowledged';
  /** as `Scheduler.monotonicMs` */
  private behindAtMs = Number.NEGATIVE_INFINITY;
  private answeredAtMs = Number.NEGATIVE_INFINITY;
  private answer = false;
  /** the newest look that found nothing unsettled: nothing has waited for longer. As `Scheduler.monotonicMs` */
  private settledAtMs = Number.NEGATIVE_INFINITY;
  private emptyMs = Number.NEGATIVE_INFINITY;
  /** how many updates had come at the last look, when nothing was unsettled; null when something was */
  private quietAt: number | null = null;
  private cancelLooks: Cancel | null = null;

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

  onModuleInit(): void {
    this.cancelLooks ??= this.scheduler.every(QUIET_MS, () => this.look());
  }

  onModuleDestroy(): void {
    this.cancelLooks?.();
    this.cancelLooks = null;
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

  override get emptyAtMs(): number {
    return this.forgets === 'once-sent' ? Number.POSITIVE_INFINITY : this.emptyMs;
  }

  override get isBehind(): boolean {
    if (this.forgets === 'once-sent') return false;
    if (this.scheduler.monotonicMs() - this.settledAtMs < BEHIND_MS) return false;
    const { oldestAtMs } = this.accounting.inFlight();
    const isBehind = oldestAtMs !== null && Math.abs(this.clock.nowMs() - oldestAtMs) > BEHIND_MS;
    if (isBehind) this.behindAtMs = this.scheduler.monotonicMs();
    return isBehind;
  }

  override get isOver(): boolean {
    return !this.isBehind && this.scheduler.monotonicMs() - this.behindAtMs >= CALM_MS;
  }

  /** Two looks in a row that find nothing unsettled and nothing come: the broker has nothing left to send. */
  private look(): void {
    const { receivedTotal, isSettled } = this.accounting;
    if (isSettled) this.settledAtMs = this.scheduler.monotonicMs();
    if (isSettled && receivedTotal === this.quietAt) this.emptyMs = this.clock.nowMs();
    this.quietAt = isSettled ? receivedTotal : null;
  }
}
