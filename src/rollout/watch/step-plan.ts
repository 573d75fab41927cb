import type { RolloutSetting } from '../ports/rollout-store.js';

/**
 * The share of the matches that the plan wants next; null while there is nothing to do. The soak time of a step is that
 * of the largest step reached; below the first one it is the first one's.
 * @param healthyMs time with a healthy verdict since the present share was set, without a fault in between
 */
export function nextPercent({ stage, percent, stepPlan, latched }: RolloutSetting, healthyMs: number): number | null {
  if (stage !== 'canary' || latched || !stepPlan) return null;
  const steps = [...stepPlan].sort((a, b) => a.percent - b.percent);
  const next = steps.find((step) => step.percent > percent);
  const reached = steps.findLast((step) => step.percent <= percent) ?? steps[0];
  if (!next || !reached) return null;
  return healthyMs >= reached.soakS * 1000 ? next.percent : null;
}
