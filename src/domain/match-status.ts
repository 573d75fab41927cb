/**
 * A match has one of the provider's status codes, 0–13 (TheSports `status_id`). Only the codes named here exist;
 * everything else is rejected by the decoder.
 */
export const MatchStatus = {
  Abnormal: 0,
  NotStarted: 1,
  FirstHalf: 2,
  HalfTime: 3,
  SecondHalf: 4,
  ExtraTime: 5,
  ExtraTimeDeprecated: 6,
  Shootout: 7,
  Ended: 8,
  Delayed: 9,
  Interrupted: 10,
  Abandoned: 11,
  Cancelled: 12,
  ToBeDetermined: 13,
} as const;

export type MatchStatus = (typeof MatchStatus)[keyof typeof MatchStatus];

const LIVE: ReadonlySet<MatchStatus> = new Set([2, 3, 4, 5, 7]);

/** Half-time counts as live: readers and clients use {2, 3, 4, 5, 7}. */
export function isLive(status: MatchStatus): boolean {
  return LIVE.has(status);
}

/** Out of play, for now or for good: 8 and everything above. */
export function isOver(status: MatchStatus): boolean {
  return status >= MatchStatus.Ended;
}

/** 9, 10, 13: the match may still be played, or go on. */
export function mayGoOn(status: MatchStatus): boolean {
  return isOver(status) && transition(status, MatchStatus.FirstHalf) === 'resume';
}

/** 0 and 6 are codes of the provider that no match is ever moved into. */
export function isSettable(status: MatchStatus): boolean {
  return status !== MatchStatus.Abnormal && status !== MatchStatus.ExtraTimeDeprecated;
}

export function isMatchStatus(value: unknown): value is MatchStatus {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 13;
}

export type Transition =
  /** the same status again */
  | 'stay'
  /** forward in match order, or out of play (9–13) */
  | 'legal'
  /** 8 → extra time or shoot-out: only inside the window, see the guard */
  | 'reopen'
  /** 9, 10, 13 → live or 1: a match that is played after all, see the guard */
  | 'resume'
  /** out of 11 or 12: only by newer provider time or an operator */
  | 'revive'
  /** backward in match order: a late frame */
  | 'late'
  /** 0, 6: codes a match is never moved into */
  | 'never';

/**
 * The transition table: 1 → 2 → 3 → 4 → (5) → (7) → 8, forward jumps legal because QoS 0 loses frames.
 * What `reopen`, `resume` and `revive` need on top is decided by the guard.
 */
export function transition(from: MatchStatus, to: MatchStatus): Transition {
  if (from === to) return 'stay';
  if (!isSettable(to)) return 'never';
  if (from === MatchStatus.Abandoned || from === MatchStatus.Cancelled) return 'revive';
  if (from === MatchStatus.Ended) return fromEnded(to);
  if (from >= MatchStatus.Delayed) return to < MatchStatus.Ended ? 'resume' : 'legal';
  return to > from ? 'legal' : 'late';
}

function fromEnded(to: MatchStatus): Transition {
  if (to === MatchStatus.ExtraTime || to === MatchStatus.Shootout) return 'reopen';
  return to > MatchStatus.Ended ? 'legal' : 'late';
}
