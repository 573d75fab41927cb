import type { JobSchedule, RunEnd } from '../domain/sync/run-facts.js';
import type { JobRun } from './job-run.js';

/** Something that is done on schedule by one of all instances. One object for the life of the application. */
export abstract class SyncJob {
  /** as in `livescore sync run NAME`, lower case with hyphens */
  abstract readonly name: string;
  /** in words for operators: which worker or job of the platform it replaces */
  abstract readonly replaces: string;
  abstract readonly schedules: readonly JobSchedule[];
  /** Only the instance that takes the feed runs it: what it finds goes through the score writer. */
  abstract readonly needsFeed: boolean;
  /** Never runs twice at once, in whatever instance. Rejects only for a bug: what the world does is a verdict. */
  abstract run(run: JobRun): Promise<RunEnd>;

  /** Says at the start what the platform's tables lack. */
  async prepare(): Promise<void> {}

  /** Can a run of it say what it would change? */
  get canDiff(): boolean {
    return false;
  }

  /** Has it a cursor in the provider's time, as the workers of the platform had? */
  get hasCursor(): boolean {
    return false;
  }

  /** Jobs that go first where both are due. */
  get after(): readonly string[] {
    return [];
  }
}
