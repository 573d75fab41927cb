import type { SettledPrediction } from '../../contracts/settled-predictions.js';

/**
 * The port does what the platform does after predictions were settled: refresh its statistics, write social posts. A
 * host binds it in a global module. Port and injection token in one; optional.
 */
export abstract class SettlementFollowUp {
  /**
   * Called after the commit with the revisions of one step, in order, one call at a time. May come again after a crash, or
   * never: what must not be missed is read from `livescore_settlement`. A call that fails is logged, one that takes longer
   * than 10 s is left behind; neither delays or undoes a verdict.
   */
  abstract settled(batch: readonly SettledPrediction[]): Promise<void> | void;
}
