import { optionsOf } from '../kernel/options.js';
import { integer, object } from '../kernel/options-rules.js';
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
export class ResolvedScoreWriterOptions extends optionsOf(
  'ScoreWriterModule',
  object({
    batchSize: integer({ default: 200, min: 1, max: 1_000, unit: 'rows' }),
    restLagMs: integer({ default: 30_000, min: 1_000, max: 600_000, unit: 'ms' }),
    driftCheckMs: integer({ default: 1_000, min: 100, max: 60_000, unit: 'ms' }),
    protectMs: integer({ default: 300_000, min: 10_000, max: 3_600_000, unit: 'ms' }),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveScoreWriterOptions(options?: ScoreWriterOptions): ResolvedScoreWriterOptions {
  return new ResolvedScoreWriterOptions(options);
}
