import { Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Subject } from 'rxjs';
import { type FeatureMode, modeInForce } from '../kernel/feature-mode.js';
import { ScheduleRegistration } from '../schedule/ports/schedule-registration.js';
import type { RunRow, SyncLook } from './ports/sync-runs.js';
import { ResolvedSyncOptions } from './sync.options.js';
import { type ScheduledJob, SyncJobs } from './sync-jobs.js';

/** How one entity or job stands. Times are unix ms. */
export interface JobStatus {
  readonly name: string;
  /** the worker or job of the platform */
  readonly replaces: string;
  readonly isEnabled: boolean;
  /** in whatever instance */
  readonly isRunning: boolean;
  /** cron patterns, UTC */
  readonly schedule: readonly string[];
  readonly verdict: string | null;
  readonly finishedAtMs: number | null;
  /** what is stored is what the provider had then */
  readonly completeAtMs: number | null;
}

/** What the last look at the table of runs showed: mode and flags in force, and how everything stands. */
@Injectable()
export class SyncState implements OnModuleDestroy {
  private readonly looks = new Subject<SyncLook>();
  private last: SyncLook | null = null;

  constructor(
    private readonly options: ResolvedSyncOptions,
    private readonly jobs: SyncJobs,
    @Optional() private readonly registration?: ScheduleRegistration,
  ) {}

  onModuleDestroy(): void {
    this.looks.complete();
  }

  /** Shows the jobs in the host's `SchedulerRegistry`. */
  async list(): Promise<void> {
    for (const { name } of this.jobs.all) await this.registration?.register(registeredName(name));
  }

  unlist(): void {
    for (const { name } of this.jobs.all) this.registration?.remove(registeredName(name));
  }

  take(look: SyncLook): void {
    this.last = look;
    this.looks.next(look);
  }

  get mode(): FeatureMode {
    return modeInForce(this.last?.settings.get('sync_mode') ?? null, this.options.mode);
  }

  /** The flag in the database first, then the options; what the host took out of its registry stays out. */
  isEnabled(name: string): boolean {
    if (this.registration?.isRemoved(registeredName(name))) return false;
    const flag = this.last?.settings.get(`sync.${name}.enabled`);
    if (flag !== undefined) return flag === 'true';
    return this.options.jobs.get(name)?.enabled ?? this.options.enabled;
  }

  all(): readonly JobStatus[] {
    return this.jobs.scheduled.map((scheduled) => this.of(scheduled));
  }

  of({ job, crons }: ScheduledJob): JobStatus {
    const row = this.rowOf(job.name);
    return {
      name: job.name,
      replaces: job.replaces,
      isEnabled: this.isEnabled(job.name),
      isRunning: row !== undefined && row.runId !== null,
      schedule: crons,
      verdict: row?.verdict ?? null,
      finishedAtMs: row?.finishedAtMs ?? null,
      completeAtMs: row?.completeAtMs ?? null,
    };
  }

  rowOf(name: string): RunRow | undefined {
    return this.last?.rows.find(({ entity }) => entity === name);
  }

  /**
   * Waits for the first look that shows neither a wish nor a run, but one that ended since.
   * @throws the signal's reason, or that the application stops
   */
  ended(name: string, wantedAtMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        subscription.unsubscribe();
        reject(signal?.reason);
      };
      const subscription = this.looks.subscribe({
        next: () => {
          const row = this.rowOf(name);
          if (!row || row.wanted !== null || row.runId !== null || (row.finishedAtMs ?? 0) < wantedAtMs) return;
          subscription.unsubscribe();
          signal?.removeEventListener('abort', stop);
          resolve();
        },
        complete: () => reject(new Error('The application stops')),
      });
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
  }
}

/** Its name in the host's `SchedulerRegistry`. */
export function registeredName(job: string): string {
  return `livescore.sync.${job}`;
}
