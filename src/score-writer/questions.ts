import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import type { Hearing } from './hearing.js';

/** Questions that are due at nearly the same time go together. */
const LEAST_PAUSE_MS = 100;

/** Knows when the provider is to be asked about which match, and lets it be asked: one timer for all of them. */
@Injectable()
export class Questions implements OnModuleDestroy {
  private readonly dueMs = new Map<Hearing, number>();
  private readonly timer: Timer;
  private timerAtMs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    scheduler: Scheduler,
  ) {
    this.timer = new Timer(scheduler);
  }

  /** In the place of what was planned for the match. @param dueMs our clock, unix ms; null: nothing is to be asked */
  plan(hearing: Hearing, dueMs: number | null): void {
    if (dueMs === null) {
      this.dueMs.delete(hearing);
      return;
    }
    this.dueMs.set(hearing, dueMs);
    if (!this.timer.isSet || dueMs < this.timerAtMs) this.wakeAt(dueMs);
  }

  onModuleDestroy(): void {
    this.timer.stop();
  }

  /** Every question that is due is asked. */
  ask(): void {
    const nowMs = this.clock.nowMs();
    for (const [hearing, dueMs] of [...this.dueMs]) {
      if (dueMs > nowMs) continue;
      this.dueMs.delete(hearing);
      hearing.ask();
    }
    if (this.dueMs.size > 0) this.wakeAt(Math.min(...this.dueMs.values()));
  }

  private wakeAt(dueMs: number): void {
    this.timerAtMs = dueMs;
    this.timer.set(Math.max(LEAST_PAUSE_MS, dueMs - this.clock.nowMs()), () => this.ask());
  }
}
