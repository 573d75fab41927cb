import { InvalidOptionError } from '../kernel/livescore.errors.js';

/** Options of {@link FeedRecoveryModule}. */
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
export class ResolvedFeedRecoveryOptions implements Required<FeedRecoveryOptions> {
  constructor(
    readonly minIntervalMs: number,
    readonly timeoutMs: number,
    readonly lagMs: number,
    readonly silenceMs: number,
    readonly noFeedAfterMs: number,
  ) {}
}

/** @throws InvalidOptionError */
export function resolveFeedRecoveryOptions(options: FeedRecoveryOptions = {}): ResolvedFeedRecoveryOptions {
  return new ResolvedFeedRecoveryOptions(
    integer('minIntervalMs', options.minIntervalMs ?? 30_000, 1_000, 600_000),
    integer('timeoutMs', options.timeoutMs ?? 120_000, 1_000, 600_000),
    integer('lagMs', options.lagMs ?? 5_000, 100, 600_000),
    integer('silenceMs', options.silenceMs ?? 30_000, 1_000, 600_000),
    integer('noFeedAfterMs', options.noFeedAfterMs ?? 180_000, 1_000, 3_600_000),
  );
}

function integer(name: keyof FeedRecoveryOptions, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidOptionError('FeedRecoveryModule', name, `an integer from ${min} to ${max}`, value);
}
