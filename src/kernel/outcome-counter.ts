import { Injectable } from '@nestjs/common';
import type { Outcome } from '../domain/outcome.js';
import { Accounting } from './accounting.js';
import { LiveScoreMetrics } from './livescore-metrics.js';

/** Where fates are counted: metrics and books always say the same. */
@Injectable()
export class OutcomeCounter {
  private readonly counters = new Map<Outcome, ReturnType<LiveScoreMetrics['updates']['labels']>>();

  constructor(
    private readonly metrics: LiveScoreMetrics,
    private readonly accounting: Accounting,
  ) {}

  /** One update has met its fate. Called once per update. */
  count(outcome: Outcome): void {
    let counter = this.counters.get(outcome);
    if (!counter) {
      counter = this.metrics.updates.labels(outcome.kind, outcome.reason);
      this.counters.set(outcome, counter);
    }
    counter.inc();
    this.accounting.concluded(outcome.kind);
  }
}
