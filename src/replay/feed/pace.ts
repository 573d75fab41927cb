import type { Clock } from '../../kernel/clock.js';
import { pause } from '../../kernel/deadline.js';
import { REAL_TIME } from '../../kernel/scheduler.js';

/** How match time becomes real time. `at` is minutes of match time since the replay began. */
export interface Pace {
  /** speed at which kick-offs pass on the clock that hosts read: Infinity when a whole match passes at once */
  readonly kickoffSpeed: number;
  /** unix ms on that clock at which something at `at` is due */
  dueMs(at: number): number;
  /** @throws the signal's reason when it fires first */
  waitUntil(at: number, signal: AbortSignal | undefined): Promise<void>;
}

const MINUTE_MS = 60_000;
const LONGEST_SLEEP_MS = 1_000;

/** No waiting: every match begins when its first frame is made. */
export function fullSpeed(nowMs: () => number): Pace {
  return { kickoffSpeed: Number.POSITIVE_INFINITY, dueMs: nowMs, waitUntil: async () => {} };
}

/** `speed` minutes of match time pass in one minute. */
export function paced(speed: number, nowMs: () => number): Pace {
  return pace(nowMs, speed, 1);
}

/** The clock itself runs `speed` times as fast as real time: on it, matches take as long as matches take. */
export function pacedByClock(speed: number, clock: Clock): Pace {
  return pace(() => clock.nowMs(), 1, speed);
}

/** The speed at which kick-offs pass on the clock that hosts read; see {@link Pace}. */
export function kickoffSpeedOf(speed: number | 'max', clock: Clock | undefined): number {
  if (speed === 'max') return Number.POSITIVE_INFINITY;
  return clock ? 1 : speed;
}

/** When something at `at` minutes is due, of what began then, unix ms. */
export function steadily(beganMs: number, kickoffSpeed: number): (at: number) => number {
  return (at) => beganMs + (at * MINUTE_MS) / kickoffSpeed;
}

function pace(nowMs: () => number, kickoffSpeed: number, clockRate: number): Pace {
  const dueMs = steadily(nowMs(), kickoffSpeed);
  return {
    kickoffSpeed,
    dueMs,
    waitUntil: async (at, signal) => {
      for (;;) {
        const leftMs = (dueMs(at) - nowMs()) / clockRate;
        if (leftMs <= 0) return;
        await pause(Math.min(leftMs, LONGEST_SLEEP_MS), REAL_TIME, signal);
      }
    },
  };
}

/** Timers are about a millisecond exact: what was missed may be caught up in a burst of this length. */
const BURST_MS = 5;

/** Spreads frames evenly, so that a subscriber with QoS 0 is never sent more than it can take. */
export class RateLimit {
  private readyAtMs = 0;

  constructor(private readonly perSecond: number) {}

  /** Waits until `count` more may go. */
  async take(count: number, signal: AbortSignal | undefined): Promise<void> {
    const nowMs = REAL_TIME.monotonicMs();
    this.readyAtMs = Math.max(this.readyAtMs, nowMs - BURST_MS) + (count * 1000) / this.perSecond;
    const waitMs = this.readyAtMs - nowMs;
    if (waitMs >= 1) await pause(waitMs, REAL_TIME, signal);
    else signal?.throwIfAborted();
  }
}

/**
 * Unix time in fractional milliseconds. `Date.now()` counts whole ones, too coarse for latencies of one or two, and
 * `performance.timeOrigin` does not follow the system clock: this joins the two at the moment it is made.
 */
export function preciseClock(): () => number {
  const tick = Date.now();
  while (Date.now() === tick);
  const offset = Date.now() - performance.now();
  return () => offset + performance.now();
}
