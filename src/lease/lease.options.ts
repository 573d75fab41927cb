import { hostname } from 'node:os';
import { InvalidOptionError } from '../kernel/livescore.errors.js';

export interface LeaseOptions {
  /**
   * Whether the processes on one database agree on one that takes the feed. Without it every process takes it.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * How long a holder that gives no sign of life keeps the lease, ms, 2,000–60,000. It is renewed three times as often.
   * @default 6000
   */
  readonly ttlMs?: number;
  /**
   * Name of this process, 1–200 characters. A process that starts takes the lease from a holder of its own name at
   * once, so processes that run at the same time need different names.
   * @default host name, `:`, and NODE_APP_INSTANCE or 0
   */
  readonly holder?: string;
}

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedLeaseOptions implements Required<LeaseOptions> {
  constructor(
    readonly enabled: boolean,
    readonly ttlMs: number,
    readonly holder: string,
  ) {}
}

const MODULE = 'LeaseModule';

/** @throws InvalidOptionError */
export function resolveLeaseOptions(options: LeaseOptions = {}): ResolvedLeaseOptions {
  const { enabled = true, ttlMs = 6_000, holder = `${hostname()}:${process.env.NODE_APP_INSTANCE ?? 0}` } = options;
  if (typeof enabled !== 'boolean') throw new InvalidOptionError(MODULE, 'enabled', 'true or false', enabled);
  if (!Number.isInteger(ttlMs) || ttlMs < 2_000 || ttlMs > 60_000) {
    throw new InvalidOptionError(MODULE, 'ttlMs', 'an integer from 2000 to 60000', ttlMs);
  }
  if (typeof holder !== 'string' || holder.trim() === '' || holder.length > 200) {
    throw new InvalidOptionError(MODULE, 'holder', 'a name of 1 to 200 characters', holder);
  }
  return new ResolvedLeaseOptions(enabled, ttlMs, holder);
}
