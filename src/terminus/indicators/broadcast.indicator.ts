import { Injectable } from '@nestjs/common';
import type { Verdict } from '../adapters/terminus/terminus-adapter.js';
import { ABSENT, LiveScoreIndicator } from './live-score-indicator.js';

/**
 * The indicator tells how many clients hear of changes. Nobody being connected is nothing wrong: `up`, with the
 * numbers.
 */
@Injectable()
export class BroadcastIndicator extends LiveScoreIndicator {
  protected override readonly key = 'livescore_broadcast';

  protected override judge(): Verdict {
    const { clients, sockets } = this.probes.health();
    if (clients === undefined) return ABSENT;
    return { state: 'up', facts: { clients, refused: sockets?.refused ?? 0, cut_off: sockets?.cut_off ?? 0 } };
  }
}
