import type { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';

/** So many messages for each row that has come to wait: most of what would be written now is overtaken at once. */
const FLOOD = 4;
const LONGEST_REST_MS = 20;
/** So often it is looked whether more comes. */
const LOOK_MS = 1;

/**
 * The pace of the statements in a flood: the next one waits as long as the last one took, at most 20 ms, and only while messages come. Meanwhile
 * more is folded, and the processor is there for reading: fewer rows are written for as many messages. Below four messages a row nobody
 * waits, nor does a broker that sends nothing more before the commit.
 */
export class FloodPace {
  private readonly timer: Timer;
  private offered = 0;
  private sentAtMs = 0;
  private waitedThen = 0;

  constructor(private readonly scheduler: Scheduler) {
    this.timer = new Timer(scheduler);
  }

  /** A message has come while a statement is under way, or rests. */
  offer(): void {
    this.offered += 1;
  }

  /** @param waiting rows that did not go along */
  sent(waiting: number): void {
    this.offered = 0;
    this.waitedThen = waiting;
    this.sentAtMs = this.scheduler.monotonicMs();
  }

  /** @param waiting rows that wait now @param goOn called at once, or after the rest */
  answered(waiting: number, goOn: () => void): void {
    const come = waiting - this.waitedThen;
    const nowMs = this.scheduler.monotonicMs();
    if (come <= 0 || this.offered < FLOOD * come) goOn();
    else this.rest(nowMs + Math.min(LONGEST_REST_MS, nowMs - this.sentAtMs), goOn);
  }

  stop(): void {
    this.timer.stop();
  }

  private rest(untilMs: number, goOn: () => void): void {
    this.offered = 0;
    this.timer.set(LOOK_MS, () => {
      if (this.offered === 0 || this.scheduler.monotonicMs() >= untilMs) goOn();
      else this.rest(untilMs, goOn);
    });
  }
}
