import { Injectable } from '@nestjs/common';
import type { Verdict } from '../adapters/terminus/terminus-adapter.js';
import { ABSENT, LiveScoreIndicator } from './live-score-indicator.js';

/** The indicator tells whether there are connections to the database left. `degraded` while statements wait for one. */
@Injectable()
export class PoolIndicator extends LiveScoreIndicator {
  protected override readonly key = 'livescore_pool';

  protected override judge(): Verdict {
    const { pool } = this.probes.internal();
    if (!pool) return ABSENT;
    return { state: pool.waiting > 0 ? 'degraded' : 'up', facts: { ...pool } };
  }
}
