import { Injectable } from '@nestjs/common';
import type { Verdict } from '../adapters/terminus/terminus-adapter.js';
import { ABSENT, LiveScoreIndicator } from './live-score-indicator.js';

/**
 * The indicator tells which process takes the feed. Holding and standing by are `up`; `degraded` while the database has
 * not confirmed it lately.
 */
@Injectable()
export class LeaseIndicator extends LiveScoreIndicator {
  protected override readonly key = 'livescore_lease';

  protected override judge(): Verdict {
    const { lease } = this.probes.health();
    if (!lease) return ABSENT;
    const { held, fence, confirmed } = lease;
    return { state: held && !confirmed ? 'degraded' : 'up', facts: { held, fence } };
  }
}
