import type { Measurement } from './measurement.js';

/** p99 of every route, ms. A short run has too few answers for that: its limit is beyond what a server that only answers takes at the same time. */
export const LIMIT_MS = 50;
/** From the moment the database hangs to a readiness that says so: the question waits a second, and comes once a second. */
export const LOSS_LIMIT_MS = 2_500;

export interface Phase extends Measurement {
  readonly name: 'calm' | 'saturated' | 'frozen';
}

/** What is wrong with the answers of a phase: too late, or others than they must be. */
export function faultsOf({ name, rows, bare }: Phase, isShort: boolean): readonly string[] {
  return rows.flatMap(({ route, p99, statuses }) => {
    const isLate = (isShort ? p99 - bare.p99 : p99) > LIMIT_MS;
    const late = isLate ? [`${name}: p99 of ${route} is ${p99} ms, that of a bare server ${bare.p99} ms`] : [];
    const allowed = name === 'frozen' && route.endsWith('/ready') ? [200, 503] : [200];
    const strange = statuses.filter((status) => !allowed.includes(status));
    return [...late, ...strange.map((status) => `${name}: ${route} answered ${status || 'nothing'}`)];
  });
}
