import { InvalidOptionError } from '../kernel/livescore.errors.js';

export interface ScoreWriterOptions {
  /**
   * Rows per statement at most, 1–1,000. 200 rows take about 2 ms and 90 % of the top rate.
   * @default 200
   */
  readonly batchSize?: number;
  /**
   * How long after a push a pulled answer may still be older than it, ms, 1,000–600,000: the provider's cache age.
   * @default 30000
   */
  readonly restLagMs?: number;
  /**
   * How often live rows are compared with what the writer believes, ms, 100–60,000.
   * @default 1000
   */
  readonly driftCheckMs?: number;
  /**
   * For how long after a write of ours, and for how much longer while the match is followed, mode `protect` of the
   * foreign-writer trigger holds others off the row, ms, 10,000–3,600,000. It is also the longest that a process which
   * was killed leaves rows protected.
   * @default 300000
   */
  readonly protectMs?: number;
}

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedScoreWriterOptions implements Required<ScoreWriterOptions> {
  constructor(
    readonly batchSize: number,
    readonly restLagMs: number,
    readonly driftCheckMs: number,
    readonly protectMs: number,
  ) {}
}

/** @throws InvalidOptionError */
export function resolveScoreWriterOptions(options: ScoreWriterOptions = {}): ResolvedScoreWriterOptions {
  return new ResolvedScoreWriterOptions(
    integer('batchSize', options.batchSize ?? 200, 1, 1_000),
    integer('restLagMs', options.restLagMs ?? 30_000, 1_000, 600_000),
    integer('driftCheckMs', options.driftCheckMs ?? 1_000, 100, 60_000),
    integer('protectMs', options.protectMs ?? 300_000, 10_000, 3_600_000),
  );
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidOptionError('ScoreWriterModule', name, `an integer from ${min} to ${max}`, value);
}
