import { Injectable } from '@nestjs/common';
import type { Outcome } from '../domain/outcome.js';
import { Accounting } from './accounting.js';
import { LiveScoreMetrics } from './livescore-metrics.js';
import type { Tally } from './metrics/metric-registry.js';

/** Where fates are counted: metrics and books always say the same. */
@Injectable()
export class OutcomeCounter {
  private readonly tallies = new Map<Outcome, Tally>();

  constructor(
    private readonly metrics: LiveScoreMetrics,
    private readonly accounting: Accounting,
  ) {}

  /** One update has met its fate. Called once per update. */
  count(outcome: Outcome): void {
    let tally = this.tallies.get(outcome);
    if (!tally) {
      tally = this.metrics.tally(this.metrics.updates, outcome.kind, outcome.reason);
      this.tallies.set(outcome, tally);
    }
    tally.inc();
    this.accounting.concluded(outcome.kind);
  }
}
