import { optionsOf } from '../kernel/options.js';
import { integer, object } from '../kernel/options-rules.js';
/** These options configure {@link DeadLettersModule}. */
export interface DeadLettersOptions {
  /**
   * Letters kept in the table per reason, 1–100,000; beyond it the oldest of the reason give way.
   * @default 10000
   */
  readonly maxRowsPerReason?: number;
  /**
   * Payload bytes kept in the table per reason, 1,048,576–1,073,741,824; beyond it the oldest of the reason give way.
   * @default 67108864
   */
  readonly maxBytesPerReason?: number;
  /**
   * How old a parked update may be, ms, to be tried again when this process takes the feed, 0 (never)–604,800,000.
   * @default 86400000
   */
  readonly replayParkedWithinMs?: number;
  /**
   * How often to look for letters that an operator wants tried again, ms, 100–60,000.
   * @default 2000
   */
  readonly redrivePollMs?: number;
}

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedDeadLettersOptions extends optionsOf(
  'DeadLettersModule',
  object({
    maxRowsPerReason: integer({ default: 10_000, min: 1, max: 100_000 }),
    maxBytesPerReason: integer({ default: 64 * 2 ** 20, min: 2 ** 20, max: 2 ** 30, unit: 'bytes' }),
    replayParkedWithinMs: integer({ default: 24 * 3_600_000, min: 0, max: 7 * 24 * 3_600_000, unit: 'ms' }),
    redrivePollMs: integer({ default: 2_000, min: 100, max: 60_000, unit: 'ms' }),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveDeadLettersOptions(options?: DeadLettersOptions): ResolvedDeadLettersOptions {
  return new ResolvedDeadLettersOptions(options);
}
