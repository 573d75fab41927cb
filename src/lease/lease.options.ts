import { hostname } from 'node:os';
import { optionsOf } from '../kernel/options.js';
import { flag, integer, object, text } from '../kernel/options-rules.js';

/** These options configure {@link LeaseModule}. */
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
export class ResolvedLeaseOptions extends optionsOf(
  'LeaseModule',
  object({
    enabled: flag(true),
    ttlMs: integer({ default: 6_000, min: 2_000, max: 60_000, unit: 'ms' }),
    holder: (value, place) => text(nameOfProcess(), 200)(value, place),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveLeaseOptions(options?: LeaseOptions): ResolvedLeaseOptions {
  return new ResolvedLeaseOptions(options);
}

function nameOfProcess(): string {
  return `${hostname()}:${process.env.NODE_APP_INSTANCE ?? 0}`;
}
