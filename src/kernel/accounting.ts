import { Injectable } from '@nestjs/common';
import type { Outcome } from '../domain/outcome.js';

export type Fate = Outcome['kind'] | 'malformed';

/** What somebody holds that has no fate yet. */
export interface InFlight {
  readonly count: number;
  /** receipt of the oldest, our clock, unix ms; null when there is none */
  readonly oldestAtMs: number | null;
}

export interface Balance extends Readonly<Record<Fate, number>> {
  readonly received: number;
  /** counted where they are, not worked out from the rest */
  readonly inFlight: number;
  /** received less everything else: 0, or something was lost or told twice */
  readonly unaccounted: number;
}

const NONE: Readonly<Record<Fate, number>> = {
  applied: 0,
  superseded: 0,
  duplicate: 0,
  stale: 0,
  illegal: 0,
  parked: 0,
  dead: 0,
  malformed: 0,
  legacy: 0,
  shadow: 0,
};

/**
 * The books: every match update that came in has exactly one fate or is in flight.
 * received = applied + superseded + duplicate + stale + illegal + parked + dead + malformed + legacy + shadow
 * + in flight.
 */
@Injectable()
export class Accounting {
  private receivedCount = 0;
  private concludedCount = 0;
  private readonly fates: Record<Fate, number> = { ...NONE };
  private readonly holders: (() => InFlight)[] = [];

  get receivedTotal(): number {
    return this.receivedCount;
  }

  /** Has everything its fate? Nobody is asked: this costs nothing. */
  get isSettled(): boolean {
    return this.receivedCount === this.concludedCount;
  }

  received(count: number): void {
    this.receivedCount += count;
  }

  concluded(fate: Fate, count = 1): void {
    this.fates[fate] += count;
    this.concludedCount += count;
  }

  /** @param holder asked whenever the books are looked at */
  register(holder: () => InFlight): void {
    this.holders.push(holder);
  }

  inFlight(): InFlight {
    let count = 0;
    let oldestAtMs: number | null = null;
    for (const holder of this.holders) {
      const held = holder();
      count += held.count;
      if (held.oldestAtMs !== null && (oldestAtMs === null || held.oldestAtMs < oldestAtMs))
        oldestAtMs = held.oldestAtMs;
    }
    return { count, oldestAtMs };
  }

  balance(): Balance {
    const inFlight = this.inFlight().count;
    const known = Object.values(this.fates).reduce((sum, count) => sum + count, inFlight);
    return { ...this.fates, received: this.receivedCount, inFlight, unaccounted: this.receivedCount - known };
  }
}
