import { Injectable } from '@nestjs/common';
import type { Verdict } from '../adapters/terminus/terminus-adapter.js';
import { ABSENT, LiveScoreIndicator } from './live-score-indicator.js';

/**
 * The indicator tells whether the database answers, and has what the package needs. `down` otherwise, with what to do.
 */
@Injectable()
export class DatabaseIndicator extends LiveScoreIndicator {
  protected override readonly key = 'livescore_database';

  protected override async judge(): Promise<Verdict> {
    const { db } = await this.probes.ready();
    if (!db) return ABSENT;
    return db.ok ? { state: 'up' } : { state: 'down', facts: { message: db.error ?? 'not well' } };
  }
}
