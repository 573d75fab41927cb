/** Bounds of the guard where a host may differ. */
export interface GuardLimits {
  /** how many refused pushes in a row insist. @default 3 */
  readonly insistencePushes: number;
  /** over how long they must come, ms. @default 60000 */
  readonly insistenceMs: number;
  /** how long after the end a period may go on or begin without more proof, seconds. @default 1200 */
  readonly reopenWindowS: number;
  /** for how long after a push the feed of a match is fresh: no list of fixtures changes it meanwhile, ms. @default 180000 */
  readonly listLagMs: number;
}

export const DEFAULT_GUARD_LIMITS: GuardLimits = Object.freeze({
  insistencePushes: 3,
  insistenceMs: 60_000,
  reopenWindowS: 20 * 60,
  listLagMs: 180_000,
});
