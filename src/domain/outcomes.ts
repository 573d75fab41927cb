import type { Outcome } from './outcome.js';

/** Every fate an update can meet: one object per reason, so that counting needs no string work. */
const outcome = (kind: Outcome['kind'], reason: string): Outcome => Object.freeze({ kind, reason });

export const APPLIED = outcome('applied', 'changed');
export const AGREED = outcome('applied', 'agreed');
export const INSISTED = outcome('applied', 'insisted');
/** The report is refused as old; the state takes a kick-off from it. */
export const KICKOFF_LEARNT = outcome('applied', 'late-kickoff');
export const SUPERSEDED = outcome('superseded', 'newer-before-write');
export const DUPLICATE = outcome('duplicate', 'nothing-differs');
export const DETAILS_NOT_KEPT = outcome('duplicate', 'details-not-kept');

export const OLDER_PROVIDER_TIME = outcome('stale', 'older-provider-time');
export const PULL_TOO_EARLY = outcome('stale', 'pull-too-early');
export const PULL_BEHIND_PUSH = outcome('stale', 'pull-behind-push');
export const PULL_OUT_OF_ORDER = outcome('stale', 'pull-out-of-order');
export const LIST_BEHIND = outcome('stale', 'list-behind');
export const PUSH_BEHIND_PULL = outcome('stale', 'push-behind-pull');
export const OVERTAKEN = outcome('stale', 'overtaken');
export const OLDER_KICKOFF = outcome('stale', 'older-kickoff');
export const EARLIER_PERIOD = outcome('stale', 'earlier-period');
export const PERIOD_ALREADY_LEFT = outcome('stale', 'period-already-left');
export const SHOOTOUT_UNDECIDED = outcome('stale', 'shootout-undecided');
export const ECHO = outcome('stale', 'echo');
export const JUMP = outcome('stale', 'jump');
export const REDELIVERED_FALL = outcome('stale', 'redelivered-fall');
export const OUTRANKED = outcome('stale', 'outranked');

export const FENCED = outcome('stale', 'lease-lost');

export const ENDED = outcome('illegal', 'match-ended');
export const WINDOW_CLOSED = outcome('illegal', 'window-closed');
export const BACK_TO_NOT_STARTED = outcome('illegal', 'back-to-not-started');
export const OUT_OF_PLAY = outcome('illegal', 'out-of-play');
export const STATUS_NEVER_SET = outcome('illegal', 'status-never-set');
export const COUNT_FALLS_AFTER_END = outcome('illegal', 'count-falls-after-end');

export const UNKNOWN_MATCH = outcome('parked', 'no-row');
export const DEAD = outcome('dead', 'cannot-be-written');
export const LEFT_UNWRITTEN = outcome('dead', 'left-unwritten');
export const OVERLOADED = outcome('dead', 'too-many-matches');
export const WAITED_TOO_LONG = outcome('dead', 'waited-too-long');

export const LEFT_TO_LEGACY = outcome('legacy', 'other-path-writes');
export const ONLY_COMPARED = outcome('shadow', 'other-path-writes');

/** Did the guard say no? */
export function isRefused({ kind }: Outcome): boolean {
  return kind === 'stale' || kind === 'illegal';
}

/** Does the state say now what the report said? */
export function isAccepted(outcome: Outcome): boolean {
  if (outcome === KICKOFF_LEARNT) return false;
  return outcome.kind === 'applied' || outcome.kind === 'duplicate';
}
