import { Injectable } from '@nestjs/common';
import type { JobSchedule, RunEnd } from '../../domain/sync/run-facts.js';
import { Clock } from '../../kernel/clock.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { ProviderLists } from '../../provider/ports/provider-lists.js';
import type { JobRun } from '../job-run.js';
import { ChangeStore } from '../ports/change-store.js';
import { SyncJob } from '../sync-job.js';
import { type ReadChanges, readChanges } from './change-entry.js';
import { ChangeRoutes } from './change-routes.js';
import { readGroups } from './group-answer.js';
import { failed } from './run-failure.js';

const CHANGES = '/data/update';
const KEPT_DAYS = 7;
const PRUNE_EVERY_MS = 3_600_000;
const PRUNE = { rows: 1_000, batches: 20 };

/**
 * Reads what the provider says has changed in the last two minutes, all eleven types, and tells whoever wants to know. What
 * nobody wants to know is counted and kept for a week.
 */
@Injectable()
export class ChangesJob extends SyncJob {
  override readonly name = 'changes';
  override readonly replaces = 'data update';
  override readonly schedules: readonly JobSchedule[] = [{ cron: '*/20 * * * * *', kind: 'incremental' }];
  override readonly needsFeed = true;
  private prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly lists: ProviderLists,
    private readonly routes: ChangeRoutes,
    private readonly store: ChangeStore,
    private readonly metrics: LiveScoreMetrics,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async run(run: JobRun): Promise<RunEnd> {
    try {
      const answer = await this.lists.ask({ endpoint: CHANGES, priority: 'schedule', signal: run.signal });
      const groups = readGroups(answer);
      if (typeof groups === 'string') return { verdict: 'failed', error: `${CHANGES}: ${groups}` };
      const read = readChanges(groups);
      this.count(read, run);
      this.countStrays((answer.items?.length ?? 0) + answer.refused, run);
      await this.take(read, run);
      await this.prune(run.signal);
      return { verdict: 'complete' };
    } catch (error) {
      return failed(error, run);
    }
  }

  private async take({ entries }: ReadChanges, { counts }: JobRun): Promise<void> {
    const news = await this.routes.route(entries);
    try {
      counts.changed += await this.store.keep(news);
    } catch (error) {
      this.routes.forget(news);
      throw error;
    }
    for (const { type, fate } of news) this.metrics.providerChanges.inc({ type, fate });
  }

  /** Types whose value is no list. */
  private countStrays(strays: number, { counts }: JobRun): void {
    counts.seen += strays;
    counts.refused += strays;
    if (strays > 0) this.metrics.providerChanges.inc({ type: 'unknown', fate: 'refused' }, strays);
  }

  private count({ entries, unknown, refused }: ReadChanges, { counts }: JobRun): void {
    counts.seen += entries.length + unknown;
    if (unknown > 0) this.metrics.providerChanges.inc({ type: 'unknown', fate: 'unknown' }, unknown);
    for (const [type, count] of refused) {
      counts.seen += count;
      counts.refused += count;
      this.metrics.providerChanges.inc({ type, fate: 'refused' }, count);
    }
  }

  private async prune(signal: AbortSignal): Promise<void> {
    const nowMs = this.clock.nowMs();
    if (Math.abs(nowMs - this.prunedAtMs) < PRUNE_EVERY_MS) return;
    this.prunedAtMs = nowMs;
    for (let batch = 0; batch < PRUNE.batches && !signal.aborted; batch++) {
      if ((await this.store.prune(KEPT_DAYS, PRUNE.rows)) < PRUNE.rows) return;
    }
  }
}
