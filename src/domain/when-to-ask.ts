import { fedAtMs, type GuardContext } from './guard-case.js';
import { type Heard, LONGEST_PAUSE, notAhead, type Question } from './heard.js';
import type { MatchState } from './match-state.js';

/** When the provider is to be asked about a match. Our clock, unix ms. */
export interface Ask {
  /** when the next request is wanted */
  readonly dueMs: number;
  /** An answer to an earlier request could not be believed. */
  readonly notBeforeMs: number;
}

/**
 * R8: a refused push asks as soon as an answer could be believed, and keeps asking until an answer was requested
 * `restLagMs` after it: at that time, and while answers are refused or the feed goes on being refused, after
 * `restLagMs` × 1, 1, 2, 4 … 32. What is out of play and contradicted is asked about all that while.
 * @returns null while there is nothing to ask
 */
export function whenToAsk(
  heard: Heard,
  state: MatchState,
  { nowMs, restLagMs }: Pick<GuardContext, 'nowMs' | 'restLagMs'>,
): Ask | null {
  const { question } = notAhead(heard, nowMs);
  if (!question) return null;
  const fedMs = fedAtMs(state);
  const notBeforeMs = fedMs === null ? question.openAtMs : Math.min(fedMs, nowMs) + restLagMs;
  return { notBeforeMs, dueMs: Math.max(notBeforeMs, nextMs(question, restLagMs)) };
}

function nextMs({ openAtMs, firstAskedAtMs, askedAtMs }: Question, restLagMs: number): number {
  if (askedAtMs === null || firstAskedAtMs === null) return openAtMs;
  // as long again as it has been asked so far: doubles from request to request
  const waitMs = Math.min(Math.max(askedAtMs - firstAskedAtMs, restLagMs), restLagMs * LONGEST_PAUSE);
  const settledMs = openAtMs + restLagMs;
  return askedAtMs < settledMs ? Math.min(settledMs, askedAtMs + waitMs) : askedAtMs + waitMs;
}
