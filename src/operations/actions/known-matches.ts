import { LiveScoreError } from '../../kernel/livescore.errors.js';
import { printable } from '../../kernel/printable.js';
import type { RolloutReads } from '../../rollout/ports/rollout-reads.js';

/** Keeps an action from doing nothing in silence for a match that is misspelt. @throws LiveScoreError `LIVESCORE_NO_MATCH` */
export async function needMatches(reads: RolloutReads, ids: readonly string[]): Promise<void> {
  const [unknown] = await reads.unknownMatches(ids);
  if (unknown === undefined) return;
  throw new LiveScoreError('LIVESCORE_NO_MATCH', `there is no match ${printable(unknown)}: nothing was done`);
}
