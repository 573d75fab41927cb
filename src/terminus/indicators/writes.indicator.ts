import { Injectable } from '@nestjs/common';
import type { Verdict } from '../adapters/terminus/terminus-adapter.js';
import { ABSENT, LiveScoreIndicator } from './live-score-indicator.js';

/** The indicator tells whether the database takes scores. `down` while the statements of the writer fail. */
@Injectable()
export class WritesIndicator extends LiveScoreIndicator {
  protected override readonly key = 'livescore_writes';

  protected override async judge(): Promise<Verdict> {
    const { writes } = await this.probes.ready();
    if (!writes) return ABSENT;
    return writes.ok ? { state: 'up' } : { state: 'down', facts: { message: writes.error ?? 'not well' } };
  }
}
