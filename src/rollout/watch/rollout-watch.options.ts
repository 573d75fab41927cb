import { type OptionRule, optionsOf } from '../../kernel/options.js';
import { integer, number, object, oneOf } from '../../kernel/options-rules.js';

/** These options say how the two paths are compared, and when the direct one is taken back. */
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

/** The analysis has these limits. Shares are 0–1. */
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

const share = (fallback: number) => number({ default: fallback, min: 0, max: 1 });
const amount = (fallback: number) => number({ default: fallback, min: 0, max: Number.MAX_SAFE_INTEGER });
const milliseconds = (fallback: number, min: number, max: number) =>
  integer({ default: fallback, min, max, unit: 'ms' });

const LIMITS_RULE: OptionRule<RolloutLimits> = object({
  minWrites: amount(50),
  minComparisons: amount(20),
  warnErrorShare: share(0.05),
  maxErrorShare: share(0.1),
  maxP95Ms: amount(100),
  maxDifferentShare: share(0.01),
  maxFeedLagMs: amount(5_000),
  maxStuckMatches: amount(3),
  warnPoolUse: share(0.5),
});

/** The rule of the option `watch`. */
export const WATCH_RULE = object({
  compareMs: milliseconds(1_000, 100, 60_000),
  settleMs: milliseconds(2_000, 0, 60_000),
  patienceMs: milliseconds(600_000, 1_000, 3_600_000),
  windowMs: milliseconds(60_000, 600, 3_600_000),
  rollbackTo: oneOf(['legacy', 'shadow'], 'legacy'),
  limits: LIMITS_RULE,
});

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedRolloutWatchOptions extends optionsOf('RolloutModule', (value, place) =>
  WATCH_RULE(value, place.inside('watch')),
) {}

/** @throws InvalidOptionError */
export function resolveRolloutWatchOptions(options?: RolloutWatchOptions): ResolvedRolloutWatchOptions {
  return new ResolvedRolloutWatchOptions(options);
}

export const DEFAULT_LIMITS: RolloutLimits = Object.freeze(resolveRolloutWatchOptions().limits);
