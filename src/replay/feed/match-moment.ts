import type { Side } from '../../domain/match-event.js';
import type { Goal } from '../tournament/tournament.js';

/** Something that happens in a match and shows in the feed. */
export type Happening =
  | { readonly kind: 'phase-begins' }
  | { readonly kind: 'goal'; readonly goal: Goal }
  | { readonly kind: 'corner' | 'yellow-card' | 'red-card' | 'substitution' | 'kick-scored'; readonly side: Side }
  | { readonly kind: 'statistics' | 'commentary' };

export interface MatchMoment {
  /** minutes after the first kick-off */
  readonly at: number;
  /** index into the phases of the match */
  readonly phase: number;
  readonly happening: Happening;
}
