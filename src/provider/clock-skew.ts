import { Injectable } from '@nestjs/common';
import { ProviderClock } from './ports/provider-clock.js';

/** An answer with the provider's clock in it. */
export interface ClockReading {
  /** HTTP `Date` of the answer: whole seconds */
  readonly date: string | null;
  /** HTTP `Age`: not absent when the answer, and its date, come out of a cache */
  readonly age: string | null;
  /** our clock when the request left, unix ms */
  readonly requestedAtMs: number;
  /** our clock when the answer began, unix ms */
  readonly answeredAtMs: number;
}

const READINGS = 5;
/** The date is cut to whole seconds: half a second too early in the middle. */
const HALF_SECOND_MS = 500;
/** Half of it is the error of one reading. */
const SLOWEST_ANSWER_MS = 2_000;
/** What the errors of a reading (half a second, half the way) can pretend. */
const NOISE_MS = 1_500;

/** Measures the provider's clock: minus ours, from the middle of the last five readings. */
@Injectable()
export class ClockSkew extends ProviderClock {
  private measuredMs = 0;
  private readonly readings: number[] = [];

  override get skewMs(): number {
    return this.measuredMs;
  }

  /** @returns ms, 0 while it may be nothing but noise; null when the answer shows nothing */
  take({ date, age, requestedAtMs, answeredAtMs }: ClockReading): number | null {
    const dateMs = date === null ? Number.NaN : Date.parse(date);
    const tookMs = answeredAtMs - requestedAtMs;
    const isCached = age !== null && Number(age) !== 0;
    if (!Number.isFinite(dateMs) || isCached || tookMs < 0 || tookMs > SLOWEST_ANSWER_MS) return null;
    this.readings.push(dateMs + HALF_SECOND_MS - (requestedAtMs + tookMs / 2));
    if (this.readings.length > READINGS) this.readings.shift();
    const sorted = [...this.readings].sort((a, b) => a - b);
    const middle = Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
    this.measuredMs = Math.abs(middle) <= NOISE_MS ? 0 : middle;
    return this.measuredMs;
  }
}
