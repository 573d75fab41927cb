import { Logger } from '@nestjs/common';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import type { RolloutDecision, RolloutStore } from '../ports/rollout-store.js';
import type { Measure } from './analysis.js';

const QUIET_MS = 10 * 60_000;
const MAX_UNWRITTEN = 100;

/**
 * Which decisions are kept: every action, every change of the verdict or of what it is about, a repeated fault once per
 * window, and a repeated `healthy` or `inconclusive` once in ten minutes. While the database is away the newest wait.
 */
export class DecisionRecords {
  private readonly warning = new SampledWarning(new Logger('Rollout'), 'A decision of the rollout could not be kept');
  private last = { key: '', atMs: Number.NEGATIVE_INFINITY };
  private unwritten: RolloutDecision[] = [];

  constructor(
    private readonly store: RolloutStore,
    private readonly scheduler: Scheduler,
    private readonly windowMs: number,
  ) {}

  /** @param measure what the verdict is about: the numbers in its words always differ */
  isNews({ verdict, action, stage, percent }: RolloutDecision, measure: Measure | null): boolean {
    const nowMs = this.scheduler.monotonicMs();
    const key = `${verdict}:${measure}:${stage}:${percent}`;
    const quietMs = verdict === 'healthy' || verdict === 'inconclusive' ? QUIET_MS : this.windowMs;
    if (action === 'none' && key === this.last.key && nowMs - this.last.atMs < quietMs) return false;
    this.last = { key, atMs: nowMs };
    return true;
  }

  add(decision: RolloutDecision): void {
    this.unwritten = [...this.unwritten, decision].slice(-MAX_UNWRITTEN);
  }

  /** What is not in the database yet. Never rejects. */
  async writeDown(): Promise<void> {
    for (let decision = this.unwritten[0]; decision; decision = this.unwritten[0]) {
      try {
        await this.store.recordDecision(decision);
      } catch (error) {
        this.warning.warn({ unwritten: this.unwritten.length, error: String(error) });
        return;
      }
      this.unwritten = this.unwritten.slice(1);
    }
  }
}
