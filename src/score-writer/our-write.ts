import type { MatchState } from '../domain/match-state.js';
import { sameSlots } from '../domain/score.js';

/**
 * Is `row` what our write of `next` over `known` would have left? The receipt times are ours to the millisecond, so a
 * writer elsewhere cannot leave the same row by chance.
 */
export function isOurWrite(row: MatchState, known: MatchState, next: MatchState): boolean {
  return (
    row.version === known.version + 1 &&
    row.status === next.status &&
    row.seenAtMs === next.seenAtMs &&
    row.pulledAtMs === next.pulledAtMs &&
    row.providerTimeS === next.providerTimeS &&
    sameSlots(row.home, next.home) &&
    sameSlots(row.away, next.away)
  );
}
