import type { ProcessSize } from '../soak/process-memory.js';
import type { Felt } from './good-client.js';

export interface Limits {
  readonly goalP99: number;
  readonly healthP99: number;
  readonly fds: number;
  readonly rssMb: number;
}

const HEALTH_P99_MS = 50;
/** Where calm is faster than this, twice the calm is noise. */
const LEAST_GOAL_P99_MS = 15;
/** A second of load on a busy machine: what is looked for then are the seconds that a host without bounds takes. */
const PATIENCE_MS = 500;
const MORE_RSS_MB = 150;

/** What must hold under attack. @param patient on a machine that is busy with other things */
export function limitsOf(calm: Felt, before: ProcessSize, patient: boolean): Limits {
  return {
    goalP99: Math.max(2 * calm.goalP99, patient ? PATIENCE_MS : LEAST_GOAL_P99_MS),
    healthP99: patient ? Math.max(2 * calm.healthP99, PATIENCE_MS) : HEALTH_P99_MS,
    fds: before.fds,
    rssMb: before.rssMb + MORE_RSS_MB,
  };
}

/** What does not hold, each in words; empty when all does. @param after once the attackers are gone */
export function faultsOf(felt: Felt, after: ProcessSize, limits: Limits): readonly string[] {
  const faults: string[] = [];
  const bounded = (what: string, value: number, limit: number) => {
    if (!(value <= limit)) faults.push(`${what} ${value.toFixed(1)}, at most ${limit.toFixed(1)}`);
  };
  bounded('p99 of goals, ms', felt.goalP99, limits.goalP99);
  bounded('p99 of health, ms', felt.healthP99, limits.healthP99);
  bounded('open files afterwards', after.fds, limits.fds);
  bounded('resident MB afterwards', after.rssMb, limits.rssMb);
  return faults;
}
