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
