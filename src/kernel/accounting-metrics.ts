import { Injectable } from '@nestjs/common';
import { Accounting } from './accounting.js';
import { LiveScoreMetrics } from './livescore-metrics.js';

/** Puts the books among the metrics. */
@Injectable()
export class AccountingMetrics {
  constructor(accounting: Accounting, metrics: LiveScoreMetrics) {
    metrics.showBooks(() => accounting.balance());
  }
}
