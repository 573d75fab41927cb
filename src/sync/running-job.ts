import { Logger } from '@nestjs/common';
import { NOTHING_DONE, type RunCounts, type RunEnd } from '../domain/sync/run-facts.js';
import { within } from '../kernel/deadline.js';
import { logFields } from '../kernel/log-fields.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import type { Scheduler } from '../kernel/scheduler.js';
import type { RunRow, SyncRuns } from './ports/sync-runs.js';
import type { SyncJob } from './sync-job.js';

const HEARTBEAT_MS = 2_000;
const FINISH_WAIT_MS = 5_000;

/** How a run of this instance ended. */
export interface RunOver {
  readonly job: SyncJob;
  readonly kind: RunRow['kind'];
  /** null: it was left for another instance, or taken by one */
  readonly end: RunEnd | null;
  readonly counts: RunCounts;
  readonly tookMs: number;
}

export interface RunAccess {
  readonly runs: SyncRuns;
  readonly scheduler: Scheduler;
  readonly acceptsDeletions: boolean;
}

/**
 * One run in this instance.
 *
 * *running*, with a sign of life every 2 s → the job ends → its verdict is stored → *over*. `leave` stops the job and leaves the
 * run to whoever takes it over; `end` stops it for good. A sign of life that finds the run with another instance stops it, too.
 */
export class RunningJob {
  readonly over: Promise<RunOver>;
  private readonly stopping = new AbortController();
  private readonly counts: RunCounts;
  private readonly beats: Poller;
  private isLost = false;
  private isLeft = false;

  constructor(
    readonly job: SyncJob,
    private readonly row: RunRow & { readonly runId: string },
    private readonly access: RunAccess,
  ) {
    this.counts = { ...NOTHING_DONE, ...row.counts };
    const warning = new SampledWarning(new Logger('Sync'), 'A sign of life of a run could not be stored');
    this.beats = new Poller(access.scheduler, { everyMs: HEARTBEAT_MS, turn: () => this.beat(), warning });
    this.over = this.run();
  }

  get isDiff(): boolean {
    return this.row.kind === 'diff';
  }

  /** Stops it; another instance, or this one at its next start, goes on where it stands. */
  async leave(waitMs: number): Promise<void> {
    this.isLeft = true;
    this.stopping.abort();
    await within(this.over, waitMs, this.access.scheduler);
  }

  /** Stops it, and that is its end. */
  end(): void {
    this.stopping.abort();
  }

  private async run(): Promise<RunOver> {
    const { job, row } = this;
    const { scheduler } = this.access;
    const beganMs = scheduler.monotonicMs();
    this.beats.start();
    const end = await this.endOfJob();
    await this.beats.stop(FINISH_WAIT_MS);
    const isKept = await this.store(end);
    const tookMs = scheduler.monotonicMs() - beganMs;
    return { job, kind: row.kind, end: isKept ? end : null, counts: this.counts, tookMs };
  }

  private async endOfJob(): Promise<RunEnd> {
    const { row } = this;
    try {
      return await this.job.run({
        job: this.job.name,
        kind: row.kind === 'diff' || row.kind === null ? 'full' : row.kind,
        runId: row.runId,
        startedAtMs: row.startedAtMs ?? 0,
        lastCompleteAtMs: row.completeAtMs,
        watermark: row.watermark,
        page: row.kind === 'diff' ? 1 : row.page,
        newest: row.newest,
        isDiff: row.kind === 'diff',
        acceptsDeletions: this.access.acceptsDeletions,
        signal: this.stopping.signal,
        counts: this.counts,
      });
    } catch (error) {
      if (!this.stopping.signal.aborted)
        new Logger('Sync').error('A run ended by a failure', logFields({ job: this.job.name, error }));
      return { verdict: 'failed', error: error instanceof Error ? `${error.name}: ${errorCode(error)}` : 'failed' };
    }
  }

  /** @returns whether its end is this one's to tell */
  private async store(end: RunEnd): Promise<boolean> {
    const { runs } = this.access;
    const { entity, runId, kind } = this.row;
    if (this.isLost) return false;
    try {
      if (this.isLeft && end.verdict !== 'complete') {
        await runs.release(entity, runId);
        return false;
      }
      const { counts } = this;
      return await runs.finish({
        ...end,
        entity,
        runId,
        kind: kind ?? 'full',
        counts,
        givesBack: this.job.canDiff && this.job.hasCursor,
      });
    } catch {
      // the database is away: without signs of life the run is taken over
      return false;
    }
  }

  private async beat(): Promise<void> {
    const { entity, runId } = this.row;
    if (await this.access.runs.beat(entity, runId, this.counts)) return;
    this.isLost = true;
    this.stopping.abort();
  }
}

/** The words of a driver may hold addresses. */
function errorCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'see the log';
}
