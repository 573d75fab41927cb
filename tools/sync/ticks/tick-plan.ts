/** Jobs and when they run: each every 30 s, at seconds of its own. */
export interface TickPlan {
  readonly jobs: number;
  /** how long a job works, ms */
  readonly workMs: number;
}

export const PERIOD_S = 30;

/** Longer than a dead instance keeps a run to itself, so that no tick falls into the time of another one. */
export const TAKE_OVER_AFTER_MS = 10_000;

export function jobName(nth: number): string {
  return `tick-${String(nth).padStart(3, '0')}`;
}

/** Second of the minute at which the job runs first. */
export function secondOf(nth: number): number {
  return nth % PERIOD_S;
}

/** UTC. */
export function cronOf(nth: number): string {
  const second = secondOf(nth);
  return `${second},${second + PERIOD_S} * * * * *`;
}

/** Every tick of the job from the first moment to the last one, both included, unix ms: counted, not asked of a cron library. */
export function ticksOf(nth: number, fromMs: number, toMs: number): readonly number[] {
  const periodMs = PERIOD_S * 1_000;
  const offsetMs = secondOf(nth) * 1_000;
  const ticks: number[] = [];
  for (let atMs = Math.ceil((fromMs - offsetMs) / periodMs) * periodMs + offsetMs; atMs <= toMs; atMs += periodMs) {
    ticks.push(atMs);
  }
  return ticks;
}
