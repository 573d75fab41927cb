import { EMPTY, type Observable } from 'rxjs';
import type { JobSchedule, RunKind } from '../domain/sync/run-facts.js';
import type { SyncJobOptions } from './sync.options.js';
import type { SyncJob } from './sync-job.js';
import { SyncSchedule } from './sync-schedule.js';

/** A job and when it runs in this host. */
export interface ScheduledJob {
  readonly job: SyncJob;
  readonly schedule: SyncSchedule;
  /** cron patterns, UTC */
  readonly crons: readonly string[];
}

/** Everything that the sync runs, in the order in which it goes where several are due. */
export class SyncJobs {
  readonly scheduled: readonly ScheduledJob[];

  /** @param wake$ names of jobs that something just needs */
  constructor(
    readonly all: readonly SyncJob[],
    options: ReadonlyMap<string, SyncJobOptions>,
    readonly wake$: Observable<string> = EMPTY,
  ) {
    this.scheduled = all.map((job) => {
      const schedules = schedulesOf(job.schedules, options.get(job.name) ?? {});
      return { job, schedule: new SyncSchedule(schedules), crons: schedules.map(({ cron }) => cron) };
    });
  }

  /** By name, in whatever case. */
  find(name: string): ScheduledJob | undefined {
    return this.scheduled.find(({ job }) => job.name === name.trim().toLowerCase());
  }
}

/** What the host says of a kind of run takes the place of all default patterns of that kind. */
function schedulesOf(defaults: readonly JobSchedule[], options: SyncJobOptions): readonly JobSchedule[] {
  const of = (kind: RunKind): readonly JobSchedule[] => {
    const cron = options[kind];
    if (cron === undefined) return defaults.filter((schedule) => schedule.kind === kind);
    return cron === null ? [] : [{ cron, kind }];
  };
  return [...of('full'), ...of('incremental')];
}
