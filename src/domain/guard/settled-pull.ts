import { type Case, fedAtMs } from '../guard-case.js';
import type { Outcome } from '../outcome.js';
import * as outcomes from '../outcomes.js';
import { sameGoals } from '../score.js';
import { listBehind } from './list-entry.js';
import { onOurClockMs } from './provider-time.js';

const BEHIND_PUSH_MS = 10_000;
const FALLING_NEEDS = 3;

/** Rule 3a: a pulled answer may come from a cache. It speaks only about a time when nothing can have overtaken it. */
export function unsettledPull(c: Case): Outcome | null {
  return c.same ? null : (listBehind(c) ?? overtakenByPush(c) ?? overtakenByPull(c) ?? fallsTooSoon(c));
}

function overtakenByPush(c: Case): Outcome | null {
  const { context, providerTimeS, atMs } = c;
  const fedMs = fedAtMs(c.state);
  if (fedMs === null) return null;
  if (atMs < fedMs + context.restLagMs) return outcomes.PULL_TOO_EARLY;
  if (providerTimeS === null || onOurClockMs(providerTimeS, context) >= fedMs - BEHIND_PUSH_MS) return null;
  return isSaidByNewest(c) && isAfterNewest(c) ? null : outcomes.PULL_BEHIND_PUSH;
}

/** R7: a count that falls in an undated answer is more often an old cache than a correction. */
function fallsTooSoon(c: Case): Outcome | null {
  const fedMs = fedAtMs(c.state);
  if (fedMs === null || !c.falls || c.providerTimeS !== null || isSaidByNewest(c)) return null;
  return c.atMs < fedMs + FALLING_NEEDS * c.context.restLagMs ? outcomes.PULL_TOO_EARLY : null;
}

/**
 * What an answer said may be as young as its receipt, and the next one as old as its request less its cache's age. An answer
 * that only confirmed the row says nothing about the age of another one, but for the order in which they were asked for.
 */
function overtakenByPull({ state: { pulledAtMs }, context, newer, atMs }: Case): Outcome | null {
  const { listedAtMs } = context.heard;
  if (listedAtMs !== null && atMs < listedAtMs) return outcomes.PULL_OUT_OF_ORDER;
  if (pulledAtMs === null) return null;
  if (atMs < pulledAtMs) return outcomes.PULL_OUT_OF_ORDER;
  return !newer && atMs < pulledAtMs + context.restLagMs ? outcomes.PULL_TOO_EARLY : null;
}

/** Was the newest push refused, and does the answer say the same status and goals? */
export function isSaidByNewest(c: Case): boolean {
  const { newest } = c.context.heard;
  return newest?.refused === true && newest.status === c.status && sameGoals(newest, c);
}

/** Was the answer requested so long after the newest received push that no cache can be older than it? */
export function isAfterNewest({ context: { heard, restLagMs }, atMs }: Case): boolean {
  return heard.newest === null || atMs >= heard.newest.receivedAtMs + restLagMs;
}
