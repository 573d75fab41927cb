import { Injectable } from '@nestjs/common';
import type { Verdict } from '../adapters/terminus/terminus-adapter.js';
import { ABSENT, LiveScoreIndicator } from './live-score-indicator.js';

/**
 * The indicator tells whether the provider's REST API answers. `down` while it does not know our address, `degraded`
 * after a failure or while it asks for a pause. Without credentials nobody asks it: `up`.
 */
@Injectable()
export class ProviderIndicator extends LiveScoreIndicator {
  protected override readonly key = 'livescore_provider';

  protected override judge(): Verdict {
    const { provider } = this.probes.health();
    if (!provider) return ABSENT;
    const { enabled, last_success, last_error, paused_until, address_refused } = provider;
    const facts = { enabled, last_success, last_error: last_error?.code ?? null, address_refused };
    if (address_refused) return { state: 'down', facts };
    return { state: enabled && (last_error || paused_until) ? 'degraded' : 'up', facts };
  }
}
