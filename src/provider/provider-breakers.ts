import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CircuitBreaker } from '../kernel/circuit-breaker.js';
import { Clock } from '../kernel/clock.js';
import { ResolvedProviderOptions } from './provider.options.js';

/** More endpoints than the provider has. */
const MOST_ENDPOINTS = 100;

/**
 * The breakers of the provider's API, one per endpoint, so that one that fails does not close the way for others. Each opens
 * after failures in a row, and always closes again by a probe.
 */
@Injectable()
export class ProviderBreakers {
  private readonly breakers = new LRUCache<string, CircuitBreaker>({ max: MOST_ENDPOINTS });

  constructor(
    private readonly clock: Clock,
    @Inject(ResolvedProviderOptions)
    private readonly options: Pick<ResolvedProviderOptions, 'breakerFailures' | 'breakerOpenMs'>,
  ) {}

  of(endpoint: string): CircuitBreaker {
    const known = this.breakers.get(endpoint);
    if (known) return known;
    const breaker = new CircuitBreaker({
      failures: this.options.breakerFailures,
      retryAfterMs: this.options.breakerOpenMs,
      nowMs: () => this.clock.nowMs(),
    });
    this.breakers.set(endpoint, breaker);
    return breaker;
  }

  /** The worst of them. */
  get state(): CircuitBreaker['state'] {
    const states = new Set([...this.breakers.values()].map(({ state }) => state));
    return (['open', 'probing'] as const).find((state) => states.has(state)) ?? 'closed';
  }
}
