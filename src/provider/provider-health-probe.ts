import { Injectable, Optional } from '@nestjs/common';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { isoTime } from '../kernel/iso-time.js';
import type { ProviderFailure } from './provider.errors.js';
import { ProviderStatus } from './provider-status.service.js';

const WORDS: Readonly<Record<ProviderFailure, string>> = {
  disabled: 'no credentials',
  address: 'the provider does not know our address: its support must add it',
  refused: 'the provider says no: see the log',
  limit: 'too many requests',
  timeout: 'no complete answer in time',
  malformed: 'an answer that cannot be read',
  unreachable: 'no connection, or an error of its server: see the log',
  budget: 'not asked: no turn in time',
  open: 'not asked: the last requests all failed',
  aborted: 'called off',
};
/** Everybody may read the health document: the provider's own words stand in the log only. */
const TEXTS = new Map(
  Object.entries(WORDS).map(([failure, text]) => [`LIVESCORE_PROVIDER_${failure.toUpperCase()}`, text]),
);

/** The provider's client reports how the REST API answers. */
@Injectable()
export class ProviderHealthProbe extends HealthProbe {
  constructor(
    private readonly status: ProviderStatus,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    const { enabled, lastSuccessAtMs, lastError, pausedUntilMs, addressRefused, refusedEndpoints } = this.status;
    return {
      provider: {
        enabled,
        last_success: isoTime(lastSuccessAtMs),
        last_error: lastError && {
          code: lastError.code,
          text: TEXTS.get(lastError.code) ?? 'no answer: see the log',
          at: new Date(lastError.atMs).toISOString(),
        },
        paused_until: isoTime(pausedUntilMs),
        address_refused: addressRefused,
        refused_endpoints: refusedEndpoints,
      },
    };
  }
}
