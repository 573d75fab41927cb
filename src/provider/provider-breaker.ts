import { Inject, Injectable } from '@nestjs/common';
import { CircuitBreaker } from '../kernel/circuit-breaker.js';
import { Clock } from '../kernel/clock.js';
import { ResolvedProviderOptions } from './provider.options.js';

/** The breaker of the provider's API: opens after failures in a row, and always closes again by a probe. */
@Injectable()
export class ProviderBreaker extends CircuitBreaker {
  constructor(
    clock: Clock,
    @Inject(ResolvedProviderOptions) options: Pick<ResolvedProviderOptions, 'breakerFailures' | 'breakerOpenMs'>,
  ) {
    super({
      failures: options.breakerFailures,
      retryAfterMs: options.breakerOpenMs,
      nowMs: () => clock.nowMs(),
    });
  }
}
