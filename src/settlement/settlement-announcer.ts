import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit, Optional } from '@nestjs/common';
import { Audience } from '../broadcast/ports/audience.js';
import { LiveListeners } from '../broadcast/ports/live-listeners.js';
import { type SettledPrediction, SettledPredictions } from '../contracts/settled-predictions.js';
import { Clock } from '../kernel/clock.js';
import { pause, until } from '../kernel/deadline.js';
import { Drain } from '../kernel/drain.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { settlementFrame } from './settlement-frames.js';

/** Frames of one slice: about 40 kB. */
const SLICE = 100;
/** While a client has left more than this unread the next slice waits: a quarter of what cuts it off by default. */
const ROOM_BYTES = 256 * 1_024;
/** A client that does not read holds the others up no longer than this, per slice. */
const LONGEST_WAIT_MS = 250;
/** Two full times of 10,000 predictions each, and more. */
const MOST_WAITING = 50_000;

/**
 * Tells clients what was settled, after the commit and in slices: between two of them score frames pass, and a client that
 * reads is never sent more than it has room for.
 *
 * *idle* → something was settled → *sending* slice by slice → *idle*. What waits beyond its bound is dropped and said so:
 * clients read predictions again when they show them.
 */
@Injectable()
export class SettlementAnnouncer implements OnModuleInit, OnApplicationShutdown {
  private readonly life = new Lifecycle();
  private readonly dropped = new SampledWarning(
    new Logger('Settlement'),
    'Frames about predictions dropped: too many wait',
  );
  private waiting: SettledPrediction[] = [];
  private readonly sending = new Drain(
    () => this.waiting.length > 0 && !this.life.stopped,
    () => this.sendSlice(),
  );

  constructor(
    private readonly settled: SettledPredictions,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() private readonly audience?: Audience,
    @Optional() private readonly listeners?: LiveListeners,
  ) {}

  onModuleInit(): void {
    this.life.start(() => this.settled.batches$.subscribe((batch) => this.hear(batch)));
  }

  onApplicationShutdown(): void {
    this.life.stop();
  }

  private hear(batch: readonly SettledPrediction[]): void {
    if (!this.audience) return;
    const room = MOST_WAITING - this.waiting.length;
    if (batch.length > room) this.dropped.warn({ count: batch.length - room });
    for (const one of batch.slice(0, room)) this.waiting.push(one);
    void this.sending.run();
  }

  private async sendSlice(): Promise<void> {
    const { audience } = this;
    const slice = this.waiting.splice(0, SLICE);
    const nowMs = this.clock.nowMs();
    audience?.tellPredictions(slice.map((settled) => settlementFrame(settled, nowMs)));
    if (this.waiting.length === 0) return;
    await pause(0, this.scheduler);
    const hasRoom = () => (this.listeners?.mostUnreadBytes ?? 0) <= ROOM_BYTES;
    await until(hasRoom, { everyMs: 5, waitMs: LONGEST_WAIT_MS }, this.scheduler);
  }
}
