import { Injectable, Optional } from '@nestjs/common';
import type { ReadinessFacts } from '../contracts/health-facts.js';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { IngestLease } from '../contracts/ingest-lease.js';

/** The lease reports who takes the feed; nothing where everybody may. */
@Injectable()
export class LeaseHealthProbe extends HealthProbe {
  constructor(
    @Optional() private readonly lease?: IngestLease,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    if (!this.lease) return {};
    const { term, confirmed } = this.lease;
    return { lease: { held: term !== null, fence: term?.fence ?? null, confirmed } };
  }

  override ready(): ReadinessFacts {
    return this.lease ? { standby: this.lease.term === null } : {};
  }
}
