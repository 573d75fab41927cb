import { Injectable } from '@nestjs/common';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { ProviderApi } from './ports/provider-api.js';
import { ProviderReach } from './ports/provider-reach.js';

/** One failure is a bad moment; so many in a row are an outage. */
const FAILING_AFTER = 3;

/** Counts lookups by their end, and remembers how the last ones ended: whether the provider can be asked shows when it is asked. */
@Injectable()
export class LookupRecord extends ProviderReach {
  private failures = 0;

  constructor(
    private readonly api: ProviderApi,
    private readonly metrics: LiveScoreMetrics,
  ) {
    super();
  }

  override get reach(): ProviderReach['reach'] {
    if (!this.api.enabled) return 'absent';
    return this.failures < FAILING_AFTER ? 'answering' : 'failing';
  }

  /** @param result `livescore_provider_lookups_total`, label `result` */
  count(result: string, count = 1): void {
    if (count > 0) this.metrics.providerLookups.inc({ result }, count);
  }

  answered(): void {
    this.failures = 0;
  }

  failed(): void {
    this.failures += 1;
  }
}
