import { Injectable } from '@nestjs/common';
import { Accounting } from '../../kernel/accounting.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import type { TotalFacts } from '../facts.js';
import { named, sum } from './counter-reading.js';

/** Counters of the rollout beside the totals. */
export interface Counted extends TotalFacts {
  readonly consistent: number;
  readonly inconsistent: number;
  readonly leads: number;
  readonly leadS: number;
}

const REJECTED: ReadonlySet<unknown> = new Set(['stale', 'illegal']);

/** Reads the counters of the package, each as `GET /metrics` shows it. */
@Injectable()
export class Counters {
  constructor(
    private readonly metrics: LiveScoreMetrics,
    private readonly accounting: Accounting,
  ) {}

  async read(): Promise<Counted> {
    const { messages, receiveToCommit, malformed, updates, writeErrors, framesSent, shadowComparisons, shadowLead } =
      this.metrics;
    const [seen, committed, refused, judged, failed, sent, compared, lead] = await Promise.all([
      messages.get(),
      receiveToCommit.get(),
      malformed.get(),
      updates.get(),
      writeErrors.get(),
      framesSent.get(),
      shadowComparisons.get(),
      shadowLead.get(),
    ]);
    return {
      messages: sum(seen),
      updates: this.accounting.receivedTotal,
      commits: named(committed, 'livescore_receive_to_commit_seconds_count'),
      rejected: sum(refused) + sum(judged, (labels) => REJECTED.has(labels.outcome)),
      errors: sum(failed),
      frames: sum(sent),
      consistent: sum(compared, ({ result }) => result === 'consistent'),
      inconsistent: sum(compared, ({ result }) => result === 'inconsistent'),
      leads: named(lead, 'livescore_shadow_lead_seconds_count'),
      leadS: named(lead, 'livescore_shadow_lead_seconds_sum'),
    };
  }
}
