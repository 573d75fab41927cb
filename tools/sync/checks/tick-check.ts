import { jobName, ticksOf } from '../ticks/tick-plan.js';

/** One attempt at a tick, as the job wrote it down. Times are unix ms of the database. */
export interface RunRecord {
  readonly entity: string;
  /** null: no tick, but the first run of all */
  readonly tickAtMs: number | null;
  readonly pid: number;
  readonly beganAtMs: number;
  /** null: the instance died before the end */
  readonly doneAtMs: number | null;
}

export interface TickFindings {
  readonly expected: number;
  readonly once: number;
  /** never done, and nobody knows why */
  readonly missing: readonly string[];
  /** never done: a dead instance held the run of the tick before until the next one was due */
  readonly merged: readonly string[];
  /** done again although the one who did it lived */
  readonly twice: readonly string[];
  /** done again because the one who did it was killed before it could say so */
  readonly repeated: number;
}

const SAYS_SO_WITHIN_MS = 2_000;

/** @param killed process → when */
export function checkTicks(
  jobs: number,
  fromMs: number,
  toMs: number,
  runs: readonly RunRecord[],
  killed: ReadonlyMap<number, number>,
): TickFindings {
  const done = new Map<string, RunRecord[]>();
  for (const run of runs) {
    if (run.tickAtMs === null || run.doneAtMs === null) continue;
    const key = keyOf(run.entity, run.tickAtMs);
    done.set(key, [...(done.get(key) ?? []), run]);
  }
  const found = {
    expected: 0,
    once: 0,
    missing: [] as string[],
    merged: [] as string[],
    twice: [] as string[],
    repeated: 0,
  };
  for (let nth = 0; nth < jobs; nth++) {
    const name = jobName(nth);
    for (const atMs of ticksOf(nth, fromMs, toMs)) {
      found.expected += 1;
      const times = done.get(keyOf(name, atMs)) ?? [];
      const told = `${name} at ${new Date(atMs).toISOString()}`;
      if (times.length === 1) found.once += 1;
      else if (times.length === 0) (wasHeld(name, atMs, runs) ? found.merged : found.missing).push(told);
      else if (times.slice(0, -1).every((run) => diedBeforeItsEnd(run, killed))) found.repeated += 1;
      else found.twice.push(`${told}, by ${times.map(({ pid }) => pid).join(', ')}`);
    }
  }
  return found;
}

function diedBeforeItsEnd({ pid, doneAtMs }: RunRecord, killed: ReadonlyMap<number, number>): boolean {
  const atMs = killed.get(pid);
  return atMs !== undefined && doneAtMs !== null && atMs - doneAtMs <= SAYS_SO_WITHIN_MS;
}

/** A run of the same job that began before the tick and was never ended by the one who began it. */
function wasHeld(name: string, atMs: number, runs: readonly RunRecord[]): boolean {
  return runs.some(({ entity, tickAtMs, beganAtMs, doneAtMs }) => {
    return entity === name && doneAtMs === null && beganAtMs < atMs && tickAtMs !== null && tickAtMs < atMs;
  });
}

/** The database keeps microseconds. */
function keyOf(entity: string, tickAtMs: number): string {
  return `${entity} ${Math.round(tickAtMs)}`;
}
