import { Injectable, Optional } from '@nestjs/common';
import type { MatchFacts } from '../../contracts/explain-facts.js';
import { type HealthPart, HealthProbe, HealthProbes } from '../../contracts/health-probe.js';
import { StaleMarks } from './stale-marks.js';

/** How many matches are stale, and why. */
@Injectable()
export class WatchHealthProbe extends HealthProbe {
  constructor(
    private readonly marks: StaleMarks,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    const counts = this.marks.counts();
    if (!counts) return {};
    return { stale: Object.values(counts).reduce((sum, count) => sum + count, 0), stale_by_reason: counts };
  }

  override match(matchId: string): MatchFacts {
    const stale = this.marks.of(matchId);
    return stale === undefined ? {} : { stale };
  }
}
