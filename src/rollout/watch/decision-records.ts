import { Logger } from '@nestjs/common';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import { StatementQueue, type StatementWork } from '../../kernel/statement-queue.js';
import { isPermanent } from '../../postgres/sql-state.js';
import type { RolloutDecision, RolloutStore } from '../ports/rollout-store.js';
import type { Measure } from './analysis.js';

const QUIET_MS = 10 * 60_000;
const MAX_UNWRITTEN = 100;
const POLICY = { most: 1, retry: { firstMs: 500, maxMs: 10_000 }, isPermanent };

/**
 * Which decisions are kept: every action, every change of the verdict or of what it is about, a repeated fault once per
 * window, and a repeated `healthy` or `inconclusive` once in ten minutes. While the database is away the newest 100 wait.
 */
export class DecisionRecords implements StatementWork<RolloutDecision> {
  private readonly warning = new SampledWarning(new Logger('Rollout'), 'A decision of the rollout could not be kept');
  private readonly queue: StatementQueue<RolloutDecision>;
  private last = { key: '', atMs: Number.NEGATIVE_INFINITY };
  private unwritten: readonly RolloutDecision[] = [];

  constructor(
    private readonly store: RolloutStore,
    private readonly scheduler: Scheduler,
    private readonly windowMs: number,
  ) {
    this.queue = new StatementQueue(this, POLICY, scheduler);
  }

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
    this.queue.wake();
  }

  /** Writes what waits, for `waitMs` at most, and no more after that. */
  async stop(waitMs: number): Promise<void> {
    await this.queue.drain(waitMs);
    this.queue.stop();
  }

  /** It waits until it is written, or gives way. */
  take(most: number): readonly RolloutDecision[] | null {
    return this.unwritten.length > 0 ? this.unwritten.slice(0, most) : null;
  }

  async send(decisions: readonly RolloutDecision[]): Promise<readonly RolloutDecision[]> {
    for (const decision of decisions) {
      await this.store.recordDecision(decision);
      this.forget(decision);
    }
    return [];
  }

  giveBack(): boolean {
    return this.unwritten.length > 0;
  }

  giveUp(decision: RolloutDecision): void {
    this.forget(decision);
  }

  failed(error: unknown): void {
    this.warning.warn({ unwritten: this.unwritten.length, error: String(error) });
  }

  private forget(decision: RolloutDecision): void {
    this.unwritten = this.unwritten.filter((waiting) => waiting !== decision);
  }
}
