import type { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import type { SampledWarning } from '../../kernel/sampled-warning.js';
import type { ShadowGoal, ShadowStore } from '../ports/shadow-store.js';
import type { ClockOffset } from './clock-offset.js';
import type { GoalScore, TimedGoal } from './goal-times.js';
import { ShadowLedger } from './shadow-ledger.js';
import type { Comparison } from './shadow-match.js';

/** What the comparison finds: counted at once, written down when it is asked to; times on our clock. */
export class ShadowReport {
  private readonly ledger = new ShadowLedger();
  private readonly results;
  private readonly counts = { compared: 0, different: 0 };

  /** @param warning told when the store does not take the findings: they are kept for the next time */
  constructor(
    private readonly store: ShadowStore,
    private readonly offset: ClockOffset,
    private readonly metrics: LiveScoreMetrics,
    private readonly warning: SampledWarning,
  ) {
    this.results = {
      consistent: metrics.shadowComparisons.labels('consistent'),
      inconsistent: metrics.shadowComparisons.labels('inconsistent'),
    };
  }

  /** Since the start of this process. */
  get totals(): { readonly compared: number; readonly different: number } {
    return { ...this.counts };
  }

  compared(matchId: string, { result, sample }: Comparison): void {
    this.counts.compared++;
    if (result === 'inconsistent') this.counts.different++;
    this.results[result].inc();
    this.ledger.count(matchId, result, sample);
  }

  /** The direct path threw at an update of the match. */
  threw(matchId: string): void {
    this.metrics.shadowErrors.inc();
    this.ledger.count(matchId, 'errors');
  }

  goal(matchId: string, { home, away, directAtMs, legacyAtMs }: TimedGoal): void {
    if (legacyAtMs !== null) this.metrics.shadowLead.observe((legacyAtMs - directAtMs) / 1000);
    this.ledger.goal({ matchId, home, away, directAtMs, legacyAtMs });
  }

  /** They were taken back, or nobody will see when the legacy path has them: no loss of its. */
  cancel(matchId: string, goals: readonly GoalScore[]): void {
    for (const { home, away } of goals) this.ledger.cancel({ matchId, home, away });
  }

  /** Never rejects. */
  async writeDown(): Promise<void> {
    const findings = this.ledger.take();
    if (!findings) return;
    try {
      await this.store.record({ ...findings, goals: findings.goals.map((goal) => this.onDatabaseClock(goal)) });
    } catch (error) {
      this.ledger.putBack(findings);
      this.warning.warn({ error: String(error) });
    }
  }

  private onDatabaseClock(goal: ShadowGoal): ShadowGoal {
    const { directAtMs, legacyAtMs } = goal;
    return {
      ...goal,
      directAtMs: this.offset.toDatabaseMs(directAtMs),
      legacyAtMs: legacyAtMs === null ? null : this.offset.toDatabaseMs(legacyAtMs),
    };
  }
}
