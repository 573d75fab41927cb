import { Cron } from 'croner';
import type { JobSchedule, RunKind } from '../domain/sync/run-facts.js';

/** A moment at which a job was to run. */
export interface Tick {
  /** unix ms */
  readonly atMs: number;
  readonly kind: RunKind;
}

/** A pattern that names no moment within this time runs never. */
const LONGEST_LOOK = 1;

/** The schedule of one job: cron patterns in UTC. Pure: the moment is an argument, and it is the database's. */
export class SyncSchedule {
  private readonly crons: readonly { readonly cron: Cron; readonly kind: RunKind }[];

  /** @throws when a pattern is none: options are checked before */
  constructor(schedules: readonly JobSchedule[]) {
    this.crons = schedules.map(({ cron, kind }) => ({ cron: parse(cron), kind }));
  }

  /** The newest moment not after `nowMs`; null without one. Where a full and another run meet, the full one counts. */
  newest(nowMs: number): Tick | null {
    let newest: Tick | null = null;
    for (const { cron, kind } of this.crons) {
      const [at] = cron.previousRuns(LONGEST_LOOK, new Date(nowMs + 1));
      const atMs = at?.getTime() ?? null;
      if (atMs === null || atMs < (newest?.atMs ?? 0)) continue;
      if (newest === null || atMs > newest.atMs || kind === 'full') newest = { atMs, kind };
    }
    return newest;
  }

  /** The next moment after `nowMs`, unix ms; null when there is none. */
  next(nowMs: number): number | null {
    const times = this.crons.flatMap(({ cron }) => cron.nextRun(new Date(nowMs))?.getTime() ?? []);
    return times.length > 0 ? Math.min(...times) : null;
  }
}

/** Is it a cron pattern of five or six fields? */
export function isCron(pattern: unknown): pattern is string {
  if (typeof pattern !== 'string' || pattern.length > 100) return false;
  try {
    parse(pattern);
    return true;
  } catch {
    return false;
  }
}

function parse(pattern: string): Cron {
  return new Cron(pattern, { paused: true, timezone: 'UTC', mode: '5-or-6-parts' });
}
