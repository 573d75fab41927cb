import { Injectable } from '@nestjs/common';
import type { Verdict } from '../adapters/terminus/terminus-adapter.js';
import { ABSENT, LiveScoreIndicator } from './live-score-indicator.js';

/**
 * The indicator tells whether everything is kept as the provider has it. `degraded` while the last run of an entity or
 * job was not complete.
 */
@Injectable()
export class SyncIndicator extends LiveScoreIndicator {
  protected override readonly key = 'livescore_sync';

  protected override judge(): Verdict {
    const { sync } = this.probes.health();
    if (!sync) return ABSENT;
    const incomplete = sync.incomplete.length;
    return { state: incomplete > 0 ? 'degraded' : 'up', facts: { mode: sync.mode, incomplete } };
  }
}
