import type { Priority } from './ports/provider-lists.js';
import type { ResolvedProviderOptions } from './provider.options.js';
import type { WindowLimit } from './sliding-window.js';

/** What the requests of all callers together may be. */
export interface BudgetLimits {
  readonly requestsPerSecond: number;
  /** requests at once after a quiet time, at least 1 */
  readonly burst: number;
  /** of all endpoints together */
  readonly windows: readonly WindowLimit[];
  readonly endpoints: ReadonlyMap<string, readonly WindowLimit[]>;
}

export type BudgetOptions = Pick<
  ResolvedProviderOptions,
  'requestsPerSecond' | 'burst' | 'perMinute' | 'perHour' | 'perEndpoint'
>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Of the burst and of the windows, the part that a class leaves to those before it, unless it is owed a turn. */
const RESERVE: Readonly<Record<Priority, number>> = { recovery: 0, live: 0, schedule: 0.2, catalogue: 0.4 };
const WINDOW_RESERVE: Readonly<Record<Priority, number>> = { recovery: 0, live: 0, schedule: 0.1, catalogue: 0.2 };

export function budgetLimits(options: BudgetOptions): BudgetLimits {
  const { requestsPerSecond, burst, perEndpoint } = options;
  const endpoints = Object.entries(perEndpoint).map(
    ([endpoint, windows]) => [endpoint, windowsOf(windows, `${endpoint} `)] as const,
  );
  return { requestsPerSecond, burst, windows: windowsOf(options), endpoints: new Map(endpoints) };
}

/** What one of so many instances may do when they cannot agree. */
export function shareOf(limits: BudgetLimits, instances: number): BudgetLimits {
  const share = (windows: readonly WindowLimit[]) => windows.map((window) => windowShare(window, instances));
  return {
    requestsPerSecond: limits.requestsPerSecond / instances,
    burst: Math.max(1, limits.burst / instances),
    windows: share(limits.windows),
    endpoints: new Map([...limits.endpoints].map(([endpoint, windows]) => [endpoint, share(windows)])),
  };
}

/** Tokens that stay in the bucket. */
export function bucketReserve({ burst }: BudgetLimits, priority: Priority): number {
  return Math.min(Math.round(burst * RESERVE[priority]), burst - 1);
}

/** Requests that stay in a window. */
export function windowReserve({ requests }: WindowLimit, priority: Priority): number {
  return Math.floor(requests * WINDOW_RESERVE[priority]);
}

function windowsOf({ perMinute, perHour }: { perMinute?: number; perHour?: number }, prefix = ''): WindowLimit[] {
  return [
    ...(perMinute ? [{ key: `${prefix}minute`, lengthMs: MINUTE_MS, requests: perMinute }] : []),
    ...(perHour ? [{ key: `${prefix}hour`, lengthMs: HOUR_MS, requests: perHour }] : []),
  ];
}

/** Less than one request is one in a longer time. */
function windowShare({ key, lengthMs, requests }: WindowLimit, instances: number): WindowLimit {
  const share = requests / instances;
  return share >= 1 ? { key, lengthMs, requests: share } : { key, lengthMs: lengthMs / share, requests: 1 };
}
