import { Injectable, Optional } from '@nestjs/common';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { ProviderStatus } from './provider-status.service.js';

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
          text: lastError.text,
          at: new Date(lastError.atMs).toISOString(),
        },
        paused_until: isoTime(pausedUntilMs),
        address_refused: addressRefused,
        refused_endpoints: refusedEndpoints,
      },
    };
  }
}

function isoTime(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
