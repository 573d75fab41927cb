import { optionsOf } from '../kernel/options.js';
import { integer, object } from '../kernel/options-rules.js';
/** These options configure {@link FeedRecoveryModule}. */
export interface FeedRecoveryOptions {
  /** From the start of one recovery to the start of the next at least, ms, 1,000–600,000. @default 30000 */
  readonly minIntervalMs?: number;
  /**
   * How long a recovery may try to get one snapshot from the provider and to settle every update of it, ms,
   * 1,000–600,000; after that it starts anew. @default 120000
   */
  readonly timeoutMs?: number;
  /** An update older than this that is not settled makes the feed `delayed`, ms, 100–600,000. @default 5000 */
  readonly lagMs?: number;
  /**
   * No message for this long while matches are being played makes the provider be asked, ms, 1,000–600,000.
   * @default 30000
   */
  readonly silenceMs?: number;
  /** A match being played that was not pushed for this long has no feed, ms, 1,000–3,600,000. @default 180000 */
  readonly noFeedAfterMs?: number;
}

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedFeedRecoveryOptions extends optionsOf(
  'FeedRecoveryModule',
  object({
    minIntervalMs: integer({ default: 30_000, min: 1_000, max: 600_000, unit: 'ms' }),
    timeoutMs: integer({ default: 120_000, min: 1_000, max: 600_000, unit: 'ms' }),
    lagMs: integer({ default: 5_000, min: 100, max: 600_000, unit: 'ms' }),
    silenceMs: integer({ default: 30_000, min: 1_000, max: 600_000, unit: 'ms' }),
    noFeedAfterMs: integer({ default: 180_000, min: 1_000, max: 3_600_000, unit: 'ms' }),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveFeedRecoveryOptions(options?: FeedRecoveryOptions): ResolvedFeedRecoveryOptions {
  return new ResolvedFeedRecoveryOptions(options);
}
