import { MatchStatus } from '../domain/match-status.js';
import { displayScore, goals, type Slots } from '../domain/score.js';

/** What a caller says about one side; null where it says nothing. */
export interface SideFields {
  /** the whole array, as `home_scores` holds it */
  readonly slots: Slots | null;
  /** single counts by slot number */
  readonly counts: ReadonlyMap<number, number>;
  readonly display: number | null;
}

/**
 * The seven slots of the row with what a caller says laid over them. A display score says nothing about periods: it
 * goes where the match is (`status`): into the shoot-out, into extra time, else into regular time.
 * @returns null when the display score cannot be reached, because another slot alone is above it
 */
export function overlayScore(known: Slots, { slots, counts, display }: SideFields, status: MatchStatus): Slots | null {
  const next: number[] = [...(slots ?? known)];
  for (const [slot, count] of counts) next[slot] = count;
  const counted = next as unknown as Slots;
  if (display === null || displayScore(counted) === display) return counted;
  const slot = slotOfDisplay(counted, counts, status);
  next[slot] = slot === 6 ? display - goals(counted) : display - counted[6];
  const shown = next as unknown as Slots;
  return shown[slot]! >= 0 && displayScore(shown) === display ? shown : null;
}

/** Regular goals given beside a display score that differs: the rest fell later. */
function slotOfDisplay(slots: Slots, counts: ReadonlyMap<number, number>, status: MatchStatus): 0 | 5 | 6 {
  if (status === MatchStatus.Shootout) return 6;
  return status === MatchStatus.ExtraTime || slots[5] !== 0 || counts.has(0) ? 5 : 0;
}
