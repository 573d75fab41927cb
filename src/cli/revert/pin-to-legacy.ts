import { setTimeout as pause } from 'node:timers/promises';
import { rolloutBucket } from '../../domain/rollout-bucket.js';
import type { RolloutStore } from '../../rollout/ports/rollout-store.js';
import { RouteRules } from '../../rollout/routing/route-rules.js';

/** A host looks at the pins at least once a second, and then has one second to write what it has. */
const HOSTS_FOLLOW_MS = 2_000;
const WHOLE_ROLLOUT = { killSwitch: false, maxStage: 'direct' } as const;

/** Those of the matches that the direct path writes now. */
export async function directMatches(matchIds: readonly string[], store: RolloutStore): Promise<readonly string[]> {
  const rules = new RouteRules(await store.read(), WHOLE_ROLLOUT);
  return matchIds.filter((matchId) => rules.routeOf(matchId, rolloutBucket(matchId)) === 'direct');
}

/** Resolves when every host leaves them to the legacy path. */
export async function pinToLegacy(
  matchIds: readonly string[],
  by: string,
  reason: string,
  store: RolloutStore,
): Promise<void> {
  for (const matchId of matchIds) await store.pin(matchId, 'legacy', by, reason);
  await pause(HOSTS_FOLLOW_MS);
}
