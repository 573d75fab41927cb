import type { RolloutFacts } from '../../contracts/health-facts.js';
import { rolloutBucket } from '../../domain/rollout-bucket.js';
import { ROLLOUT_STAGES, type RolloutSnapshot, type RolloutStage } from '../../rollout/ports/rollout-store.js';
import { lowerStage } from '../../rollout/rollout.options.js';
import { RouteRules } from '../../rollout/routing/route-rules.js';

/**
 * Which matches go the direct way in a host.
 * @param rollout as its health tells; undefined: a host without rollout, where all do
 * @param snapshot as it is set; null where it cannot be read
 */
export function directMatches(
  rollout: RolloutFacts | undefined,
  snapshot: RolloutSnapshot | null,
): (matchId: string) => boolean {
  if (!rollout || !snapshot) return () => !rollout || rollout.stage === 'direct';
  const maxStage = stageOf(rollout.max_stage);
  // without a legacy path everything is direct, whatever is set
  const isLowered = lowerStage(snapshot.change?.stage ?? 'legacy', maxStage) !== 'direct';
  const legacy = rollout.stage === 'direct' && isLowered ? 'none' : 'bound';
  const rules = new RouteRules(snapshot, { killSwitch: rollout.kill_switch, maxStage, legacy });
  return (matchId) => rules.routeOf(matchId, rolloutBucket(matchId)) === 'direct';
}

function stageOf(text: string): RolloutStage {
  return ROLLOUT_STAGES.find((stage) => stage === text) ?? 'legacy';
}
