import type { MatchStatus } from '../../../src/domain/match-status.js';
import type { Slots } from '../../../src/domain/score.js';

/** What the provider's system holds true of a match from `atS` on, and would say in a frame. */
export interface Moment {
  /** unix seconds */
  readonly atS: number;
  readonly status: MatchStatus;
  readonly home: Slots;
  readonly away: Slots;
  /** `score[4]`: kick-off of the current half, unix seconds; 0 before the first */
  readonly kickoffS: number;
  /** the feed tells it; else only an answer of the provider shows it */
  readonly told: boolean;
  /** its push carries a provider time */
  readonly stamped: boolean;
}

/** What readers see of a match, as far as the referee looks. */
type Content = Pick<Moment, 'status' | 'home' | 'away'>;

/** One push on its way to us. */
export interface Delivery {
  /** arrival, virtual ms */
  readonly atMs: number;
  /** what it says: of its moment, or of a corrupt copy */
  readonly says: Moment;
  /** the broker marks it as sent before */
  readonly dup?: true;
}

/** Unix ms of virtual time 0. */
export const EPOCH_MS = 1_768_662_000_000;

export function virtualMs(atS: number): number {
  return atS * 1000 - EPOCH_MS;
}

/** What readers see of one side: goals, and kicks of a shoot-out. */
export function goalsOf(slots: Slots): number {
  return slots[5] !== 0 ? slots[5] : slots[0];
}

export function sameGoals(a: Pick<Content, 'home' | 'away'>, b: Pick<Content, 'home' | 'away'>): boolean {
  return (
    goalsOf(a.home) === goalsOf(b.home) &&
    goalsOf(a.away) === goalsOf(b.away) &&
    a.home[6] === b.home[6] &&
    a.away[6] === b.away[6]
  );
}

export function saysTheSame(a: Content, b: Content): boolean {
  return a.status === b.status && sameGoals(a, b);
}
