import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { FeedLog } from './feed-log.js';
import { MqttFeedStatus } from './mqtt-feed-status.service.js';
import { ResolvedMqttIngestOptions } from './mqtt-ingest.options.js';

/**
 * Writes `websocket.msg.rate` once per window with at least one message, and nothing for a silent window; not every
 * 100 messages, which would be several lines a second at a weekend's peak. It runs from `start` to `stop`, whatever the
 * connection does in between.
 */
@Injectable()
export class MessageRate {
  private cancel: Cancel | null = null;
  private windowStartMs = 0;
  private countedBefore = 0;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly status: MqttFeedStatus,
    private readonly log: FeedLog,
    private readonly options: ResolvedMqttIngestOptions,
  ) {}

  start(): void {
    if (this.cancel) return;
    this.beginWindow();
    this.cancel = this.scheduler.every(this.options.rateWindowMs, () => this.endWindow());
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private endWindow(): void {
    const messages = this.status.messagesTotal - this.countedBefore;
    const windowS = Math.max(1, Math.round((this.clock.nowMs() - this.windowStartMs) / 1000));
    this.beginWindow();
    if (messages > 0) this.log.rate(messages, windowS);
  }

  private beginWindow(): void {
    this.windowStartMs = this.clock.nowMs();
    this.countedBefore = this.status.messagesTotal;
  }
}
