import { InvalidOptionError } from '../kernel/livescore.errors.js';

/** Options of {@link DeadLettersModule}. */
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
export class ResolvedDeadLettersOptions implements Required<DeadLettersOptions> {
  constructor(
    readonly maxRowsPerReason: number,
    readonly maxBytesPerReason: number,
    readonly replayParkedWithinMs: number,
    readonly redrivePollMs: number,
  ) {}
}

/** @throws InvalidOptionError */
export function resolveDeadLettersOptions(options: DeadLettersOptions = {}): ResolvedDeadLettersOptions {
  return new ResolvedDeadLettersOptions(
    integer('maxRowsPerReason', options.maxRowsPerReason ?? 10_000, 1, 100_000),
    integer('maxBytesPerReason', options.maxBytesPerReason ?? 64 * 2 ** 20, 2 ** 20, 2 ** 30),
    integer('replayParkedWithinMs', options.replayParkedWithinMs ?? 24 * 3_600_000, 0, 7 * 24 * 3_600_000),
    integer('redrivePollMs', options.redrivePollMs ?? 2_000, 100, 60_000),
  );
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidOptionError('DeadLettersModule', name, `an integer from ${min} to ${max}`, value);
}
