import { InvalidOptionError } from '../../kernel/livescore.errors.js';
import type { RolloutStage } from '../ports/rollout-store.js';

/** How the two paths are compared, and when the direct one is taken back. */
export interface RolloutWatchOptions {
  /**
   * How often the rows of matches in shadow are read, ms, 100–60,000: the resolution of every lead time.
   * @default 1000
   */
  readonly compareMs?: number;
  /**
   * How long both sides must have stood still before they are compared, ms, 0–60,000.
   * @default 2000
   */
  readonly settleMs?: number;
  /**
   * How late the legacy path may be with a change before the row counts as wrong, ms, 1,000–3,600,000. Until then its
   * delay is lead time.
   * @default 600000
   */
  readonly patienceMs?: number;
  /**
   * What one verdict is based on: the last so many ms, 600–3,600,000. It is reached anew every sixth of that.
   * @default 60000
   */
  readonly windowMs?: number;
  /**
   * Where the automatic rollback goes.
   * @default 'legacy'
   */
  readonly rollbackTo?: 'legacy' | 'shadow';
  /** What is too much. @default see {@link RolloutLimits} */
  readonly limits?: Partial<RolloutLimits>;
}

/** Limits of the analysis. Shares are 0–1. */
export interface RolloutLimits {
  /** writes without which nothing is said about errors and latency. @default 50 */
  readonly minWrites: number;
  /** comparisons without which nothing is said about consistency. @default 20 */
  readonly minComparisons: number;
  /** failed writes of all. @default 0.05 */
  readonly warnErrorShare: number;
  /** @default 0.1 */
  readonly maxErrorShare: number;
  /** receive→commit of the slowest twentieth, ms. @default 100 */
  readonly maxP95Ms: number;
  /** rows that are not as the direct path says, of those compared; fewer than 3 such rows never count. @default 0.01 */
  readonly maxDifferentShare: number;
  /** age of the oldest update that has no fate, ms, in two looks one after the other. @default 5000 */
  readonly maxFeedLagMs: number;
  /** matches that the feed spoke of while only the provider's answer brought their change; one warns. @default 3 */
  readonly maxStuckMatches: number;
  /** connections in use, of all, on average. @default 0.5 */
  readonly warnPoolUse: number;
}

export const DEFAULT_LIMITS: RolloutLimits = Object.freeze({
  minWrites: 50,
  minComparisons: 20,
  warnErrorShare: 0.05,
  maxErrorShare: 0.1,
  maxP95Ms: 100,
  maxDifferentShare: 0.01,
  maxFeedLagMs: 5_000,
  maxStuckMatches: 3,
  warnPoolUse: 0.5,
});

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedRolloutWatchOptions implements Required<RolloutWatchOptions> {
  constructor(
    readonly compareMs: number,
    readonly settleMs: number,
    readonly patienceMs: number,
    readonly windowMs: number,
    readonly rollbackTo: Extract<RolloutStage, 'legacy' | 'shadow'>,
    readonly limits: RolloutLimits,
  ) {}
}

/** @throws InvalidOptionError */
export function resolveRolloutWatchOptions(options: RolloutWatchOptions = {}): ResolvedRolloutWatchOptions {
  const { rollbackTo = 'legacy' } = options;
  if (rollbackTo !== 'legacy' && rollbackTo !== 'shadow') {
    throw new InvalidOptionError('RolloutModule', 'watch.rollbackTo', "'legacy' or 'shadow'", rollbackTo);
  }
  return new ResolvedRolloutWatchOptions(
    integer('compareMs', options.compareMs ?? 1_000, 100, 60_000),
    integer('settleMs', options.settleMs ?? 2_000, 0, 60_000),
    integer('patienceMs', options.patienceMs ?? 600_000, 1_000, 3_600_000),
    integer('windowMs', options.windowMs ?? 60_000, 600, 3_600_000),
    rollbackTo,
    resolveLimits(options.limits),
  );
}

function resolveLimits(limits: Partial<RolloutLimits> = {}): RolloutLimits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw new InvalidOptionError('RolloutModule', `watch.limits.${name}`, 'left out, there is no such limit', value);
    }
    const most = /Share|Use/.test(name) ? 1 : Number.MAX_SAFE_INTEGER;
    if (typeof value === 'number' && value >= 0 && value <= most) continue;
    throw new InvalidOptionError('RolloutModule', `watch.limits.${name}`, `a number from 0 to ${most}`, value);
  }
  return resolved;
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidOptionError('RolloutModule', `watch.${name}`, `an integer from ${min} to ${max}`, value);
}
