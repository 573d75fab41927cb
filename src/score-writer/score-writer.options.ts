import { DEFAULT_GUARD_LIMITS } from '../domain/guard-limits.js';
import { optionsOf } from '../kernel/options.js';
import { integer, object } from '../kernel/options-rules.js';
/** These options configure {@link ScoreWriterModule}. */
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
  /**
   * How many pushes in a row, refused so far, insist where no provider can be asked, 2–64.
   * @default 3
   */
  readonly insistencePushes?: number;
  /**
   * Over how long they must come, ms, 1,000–600,000.
   * @default 60000
   */
  readonly insistenceMs?: number;
  /**
   * For how long after the end a period may go on or begin without more proof, seconds, 0–7,200.
   * @default 1200
   */
  readonly reopenWindowS?: number;
  /**
   * For how long after a push no list of fixtures (diary, recent list) changes score or status of that match, ms,
   * 1,000–3,600,000: how old a page of such a list may be.
   * @default 180000
   */
  readonly listLagMs?: number;
}

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedScoreWriterOptions extends optionsOf(
  'ScoreWriterModule',
  object({
    batchSize: integer({ default: 200, min: 1, max: 1_000, unit: 'rows' }),
    restLagMs: integer({ default: 30_000, min: 1_000, max: 600_000, unit: 'ms' }),
    driftCheckMs: integer({ default: 1_000, min: 100, max: 60_000, unit: 'ms' }),
    protectMs: integer({ default: 300_000, min: 10_000, max: 3_600_000, unit: 'ms' }),
    insistencePushes: integer({ default: DEFAULT_GUARD_LIMITS.insistencePushes, min: 2, max: 64, unit: 'pushes' }),
    insistenceMs: integer({ default: DEFAULT_GUARD_LIMITS.insistenceMs, min: 1_000, max: 600_000, unit: 'ms' }),
    reopenWindowS: integer({ default: DEFAULT_GUARD_LIMITS.reopenWindowS, min: 0, max: 7_200, unit: 's' }),
    listLagMs: integer({ default: DEFAULT_GUARD_LIMITS.listLagMs, min: 1_000, max: 3_600_000, unit: 'ms' }),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveScoreWriterOptions(options?: ScoreWriterOptions): ResolvedScoreWriterOptions {
  return new ResolvedScoreWriterOptions(options);
}
