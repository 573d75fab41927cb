import type { ProviderStandIn } from '../../../src/testing/index.js';
import type { Budget } from '../options.js';

/** Requests in the busiest window of that length, and how many there may be. */
export interface BusiestWindow {
  readonly seconds: number;
  readonly most: number;
  readonly allowed: number;
}

const MINUTE_S = 60;
const HOUR_S = 3_600;

/** Every window of a second, a minute and an hour, as the server counted them. Shorter runs have one window of their length. */
export function busiestWindows(provider: ProviderStandIn, budget: Budget): readonly BusiestWindow[] {
  const { requestsPerSecond, burst, perMinute, perHour } = budget;
  const times = provider.requestLog.entries().map(({ atMs }) => atMs);
  const inAll = (seconds: number) => Math.floor(seconds * requestsPerSecond + burst);
  return [
    { seconds: 1, most: busiest(times, 1), allowed: inAll(1) },
    { seconds: MINUTE_S, most: busiest(times, MINUTE_S), allowed: Math.min(inAll(MINUTE_S), perMinute ?? Infinity) },
    { seconds: HOUR_S, most: busiest(times, HOUR_S), allowed: Math.min(inAll(HOUR_S), perHour ?? Infinity) },
  ];
}

/** @param times unix ms, ascending */
function busiest(times: readonly number[], seconds: number): number {
  let first = 0;
  let most = 0;
  for (const [index, atMs] of times.entries()) {
    while ((times[first] ?? atMs) <= atMs - seconds * 1_000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
