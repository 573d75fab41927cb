/** Bounds of the guard where a host may differ. */
export interface GuardLimits {
  /** how many refused pushes in a row insist. @default 3 */
  readonly insistencePushes: number;
  /** over how long they must come, ms. @default 60000 */
  readonly insistenceMs: number;
  /** how long after the end a period may go on or begin without more proof, seconds. @default 1200 */
  readonly reopenWindowS: number;
}

export const DEFAULT_GUARD_LIMITS: GuardLimits = Object.freeze({
  insistencePushes: 3,
  insistenceMs: 60_000,
  reopenWindowS: 20 * 60,
});
