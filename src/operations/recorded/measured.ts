import { percentile } from '../../kernel/percentile.js';
import type { Percentiles } from '../facts.js';

const HUNDREDTHS = 100;

/** Percentiles of the newest measurements, ms. Measuring writes into an array that is made once. */
export class Measured {
  private readonly values: Float64Array;
  private count = 0;

  constructor(size: number) {
    this.values = new Float64Array(size);
  }

  add(ms: number): void {
    this.values[this.count % this.values.length] = ms;
    this.count += 1;
  }

  /** Those since it was last emptied, as far as they are kept. */
  percentiles(): Percentiles {
    const sorted = this.values.slice(0, Math.min(this.count, this.values.length)).sort();
    return {
      count: sorted.length,
      p50: rounded(percentile(sorted, 0.5)),
      p95: rounded(percentile(sorted, 0.95)),
      p99: rounded(percentile(sorted, 0.99)),
      max: rounded(sorted.at(-1) ?? null),
    };
  }

  empty(): void {
    this.count = 0;
  }
}

export function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.round(value * HUNDREDTHS) / HUNDREDTHS;
}
