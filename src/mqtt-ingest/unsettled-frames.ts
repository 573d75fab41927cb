import { Injectable, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common';
import { DeadLetterSink } from '../contracts/dead-letter-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { Clock } from '../kernel/clock.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { WriterHealth } from '../score-writer/ports/writer-health.js';
import { type FrameOwner, FrameReceipt } from './frame-receipt.js';
import { RedeliveryGate } from './redelivery-gate.js';

const LOOK_EVERY_MS = 500;
/** So long may one frame hold up the acknowledgements of those behind it. */
const PARKED_AFTER_MS = 5_000;

/**
 * The frames of the present connection of which something is outstanding, oldest first. One that the database does not take for 5 s
 * although it takes others (somebody keeps the row locked, say) is kept as letters of parked updates and acknowledged:
 * else the broker, which hands out a window full of messages, would hand out nothing more about any match.
 */
@Injectable()
export class UnsettledFrames implements FrameOwner, OnModuleInit, OnModuleDestroy {
  private readonly frames = new Set<FrameReceipt>();
  /** a burst was held back, or the database did not take anything: as `Clock.nowMs` */
  private excusedUntilMs = 0;
  private cancelLooks: Cancel | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly gate: RedeliveryGate,
    @Optional() private readonly letters?: DeadLetterSink,
    @Optional() private readonly writer?: WriterHealth,
  ) {}

  onModuleInit(): void {
    this.cancelLooks ??= this.scheduler.every(LOOK_EVERY_MS, () => this.look());
  }

  onModuleDestroy(): void {
    this.cancelLooks?.();
    this.cancelLooks = null;
  }

  /** @param acknowledge absent: the broker waits for nothing */
  open(
    topic: string,
    payload: Uint8Array,
    receivedAtMs: number,
    updates: readonly MatchUpdate[],
    acknowledge: (() => void) | undefined,
  ): FrameReceipt {
    const { letters } = this;
    if (!acknowledge || !letters) return new FrameReceipt(topic, payload, receivedAtMs, updates, letters, acknowledge);
    const frame = new FrameReceipt(topic, payload, receivedAtMs, updates, letters, acknowledge, this);
    this.frames.add(frame);
    return frame;
  }

  settled(frame: FrameReceipt): void {
    this.frames.delete(frame);
  }

  /** The connection is gone: the broker sends its frames again. */
  forget(): void {
    this.frames.clear();
  }

  private look(): void {
    const nowMs = this.clock.nowMs();
    if (this.gate.isCollecting || this.writer?.healthy === false) this.excusedUntilMs = nowMs;
    for (const frame of this.frames) {
      if (nowMs - Math.max(frame.receivedAtMs, this.excusedUntilMs) < PARKED_AFTER_MS) return;
      this.frames.delete(frame);
      frame.park();
    }
  }
}
