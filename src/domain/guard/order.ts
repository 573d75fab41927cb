import type { Case, GuardContext } from '../guard-case.js';
import { MatchStatus } from '../match-status.js';
import type { UpdateSource } from '../match-update.js';
import type { Outcome } from '../outcome.js';
import * as outcomes from '../outcomes.js';

const RANK: Readonly<Record<string, number>> = { admin: 5, mqtt: 4, api: 3, watchdog: 2, computed: 1 };

/** Rule 2: what the provider itself dates before the row is old. */
export function olderProviderTime({ state, providerTimeS }: Case): Outcome | null {
  if (providerTimeS === null || state.providerTimeS === null) return null;
  return providerTimeS < state.providerTimeS ? outcomes.OLDER_PROVIDER_TIME : null;
}

/** Rule 3b: a push that waited while a later one was written. */
export function overtaken({ state, context, atMs }: Case): Outcome | null {
  if (!context.waited || state.seenAtMs === null) return null;
  return atMs < state.seenAtMs ? outcomes.OVERTAKEN : null;
}

/** Rule 6: for the same moment the higher source wins: admin > mqtt > api > watchdog > computed. */
export function outranked({ state, update, same, atMs }: Case): Outcome | null {
  if (same || state.scoreSource === null || state.scoreSourceAtS === null) return null;
  const sameMoment = Math.floor(atMs / 1000) <= state.scoreSourceAtS;
  return sameMoment && rank(update.source) < rank(state.scoreSource) ? outcomes.OUTRANKED : null;
}

function rank(source: UpdateSource | string): number {
  return RANK[source] ?? 0;
}

/** So long a frame may be on its way from the provider, whatever the broker holds. */
const ON_ITS_WAY_MS = 10_000;
/** A broker that is never empty has sent by then what it held back. */
const HELD_BACK_S = 120;

/**
 * While the broker may hold frames back, or one may be on its way, and the feed has not spoken of what the provider's answer changed, a lower
 * count, or play after the end, is more likely a frame of before than a correction. The writer asks the provider again, which
 * tells the one from the other.
 */
export function pushBehindPull(c: Case): Outcome | null {
  const { state, update, context, newer, status } = c;
  if (newer || update.delivery === 'pull' || update.source === 'admin') return null;
  const { scoreSource, scoreSourceAtS, seenAtMs } = state;
  if (scoreSource !== 'api' || scoreSourceAtS === null) return null;
  if (!isOnItsWay(scoreSourceAtS, c) && !mayBeHeldBack(scoreSourceAtS, context)) return null;
  if (seenAtMs !== null && seenAtMs / 1000 >= scoreSourceAtS) return null;
  if (status !== state.status && status !== MatchStatus.Ended) {
    // a later period, or one that the provider saw the end of
    return state.status === MatchStatus.Ended ? outcomes.PUSH_BEHIND_PULL : null;
  }
  return c.falls ? outcomes.PUSH_BEHIND_PULL : null;
}

/** Received so soon after that second, it may have been published before. What is judged again was received then, too. */
function isOnItsWay(atS: number, { atMs }: Case): boolean {
  return atMs >= atS * 1000 && atMs < atS * 1000 + ON_ITS_WAY_MS;
}

/** May the push have been published before that second? */
function mayBeHeldBack(atS: number, { feedBehind, brokerEmptyAtMs, nowMs }: GuardContext): boolean {
  if (feedBehind) return true;
  return brokerEmptyAtMs < (atS + 1) * 1000 && nowMs - atS * 1000 < HELD_BACK_S * 1000;
}

/** A count that falls in a frame the broker sent before may be an old frame: it waits for another frame, or the provider. */
export function redeliveredFall({ update, context, newer, falls }: Case): Outcome | null {
  // the newest of a whole burst is the feed's last word, not a copy of an older one
  if (!update.redelivered || update.inBurst || newer || context.heard.accepted === null) return null;
  return falls ? outcomes.REDELIVERED_FALL : null;
}
