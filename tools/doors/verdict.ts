import type { ProcessSize } from '../soak/process-memory.js';
import type { Felt } from './good-client.js';

export interface Limits {
  readonly goalP99: number;
  readonly changeP99: number;
  readonly answerP99: number;
  readonly healthP99: number;
  readonly fds: number;
  readonly rssMb: number;
  readonly perSecond: number;
}

/** The process once the attackers are gone, and what the database did for it meanwhile. */
export interface Aftermath extends ProcessSize {
  /** transactions a second */
  readonly perSecond: number;
}

const HEALTH_P99_MS = 50;
/** Where calm is faster than this, twice the calm is noise. */
const LEAST_GOAL_P99_MS = 15;
/** Beside its place in the queue for the database. */
const LEAST_ANSWER_P99_MS = 100;
/** A second of load on a busy machine: what is looked for then are the seconds that a host without bounds takes. */
const PATIENCE_MS = 500;
/** Health is asked over a new connection each time: one that finds no room in the rush is tried again by the kernel after a second, and after two more. */
const HEALTH_PATIENCE_MS = 3_500;
const MORE_RSS_MB = 150;
/** Those who read are bounded to 100 statements a second for rows, 50 for gaps, and 20 for what was missed. */
const MORE_PER_SECOND = 170;

/**
 * What must hold under attack.
 * @param before with the transactions of the calm
 * @param patient on a machine that is busy with other things
 */
export function limitsOf(calm: Felt, before: Aftermath, patient: boolean): Limits {
  const twice = (calmMs: number, leastMs: number) => Math.max(2 * calmMs, patient ? PATIENCE_MS : leastMs);
  return {
    goalP99: twice(calm.goalP99, LEAST_GOAL_P99_MS),
    changeP99: twice(calm.changeP99, LEAST_GOAL_P99_MS),
    answerP99: twice(calm.answerP99, LEAST_ANSWER_P99_MS),
    healthP99: patient ? HEALTH_PATIENCE_MS : HEALTH_P99_MS,
    fds: before.fds,
    rssMb: before.rssMb + MORE_RSS_MB,
    perSecond: 2 * before.perSecond + MORE_PER_SECOND,
  };
}

/** What does not hold, each in words; empty when all does. @param after once the attackers are gone */
export function faultsOf(felt: Felt, after: Aftermath, limits: Limits): readonly string[] {
  const faults: string[] = [];
  const bounded = (what: string, value: number, limit: number) => {
    if (!(value <= limit)) faults.push(`${what} ${value.toFixed(1)}, at most ${limit.toFixed(1)}`);
  };
  bounded('p99 of goals, ms', felt.goalP99, limits.goalP99);
  bounded('p99 of changes, ms', felt.changeP99, limits.changeP99);
  bounded('p99 of answers, ms', felt.answerP99, limits.answerP99);
  bounded('p99 of health, ms', felt.healthP99, limits.healthP99);
  bounded('open files afterwards', after.fds, limits.fds);
  bounded('resident MB afterwards', after.rssMb, limits.rssMb);
  bounded('transactions a second', after.perSecond, limits.perSecond);
  return faults;
}
