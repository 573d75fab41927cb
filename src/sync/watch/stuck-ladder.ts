import type { MarkedMatch, StuckMark, StuckReason } from '../ports/stale-matches.js';

/** An answer to the last question has come by then, or none will, ms. */
export const ANSWER_MS = 45_000;
/** Longest and shortest pause between two questions about one match, ms. */
const PAUSE_MS = { least: 60_000, most: 30 * 60_000 } as const;
/** Matches begin late: only after this time is one that should be live said to be stale, ms. */
const LATE_START_MS = 300_000;
/** A time further ahead was noted by a clock that was wrong, ms. */
const CLOCK_STEP_MS = 60_000;

/** What one look makes of a match. */
export interface Rung {
  readonly mark: StuckMark;
  readonly isAskDue: boolean;
}

/**
 * The ladder of one match that stands still: noted → asked about → stale, when the next look after an answer had its time
 * finds the same reason. Asked again after 1, 1, 2, 4 … 30 minutes. A stale match whose reason becomes another stays stale.
 */
export function nextRung(before: StuckMark | null, reason: StuckReason, nowMs: number): Rung {
  const known = before && notAhead(before, nowMs);
  if (!known || (known.reason !== reason && known.staleAtMs === null)) {
    return { mark: { reason, sinceMs: nowMs, askedAtMs: null, staleAtMs: null }, isAskDue: true };
  }
  const { sinceMs, askedAtMs } = known;
  const isStale = askedAtMs !== null && nowMs - askedAtMs >= ANSWER_MS && !mayBeginLate(reason, nowMs - sinceMs);
  const staleAtMs = known.staleAtMs ?? (isStale ? nowMs : null);
  return { mark: { reason, sinceMs, askedAtMs, staleAtMs }, isAskDue: isAskDue(known, nowMs) };
}

/** As long again as it has been asked so far: doubles from question to question. */
function isAskDue({ sinceMs, askedAtMs }: StuckMark, nowMs: number): boolean {
  if (askedAtMs === null) return true;
  const pauseMs = Math.min(Math.max(askedAtMs - sinceMs, PAUSE_MS.least), PAUSE_MS.most);
  return nowMs - askedAtMs >= pauseMs;
}

function mayBeginLate(reason: StuckReason, forMs: number): boolean {
  return reason === 'should-be-live' && forMs < LATE_START_MS;
}

/** A clock was set back, or the mark is of another instance: what lies ahead is worth now, and the question is asked anew. */
function notAhead(mark: StuckMark, nowMs: number): StuckMark {
  const isAhead = mark.askedAtMs !== null && mark.askedAtMs > nowMs + CLOCK_STEP_MS;
  return { ...mark, sinceMs: Math.min(mark.sinceMs, nowMs), askedAtMs: isAhead ? null : mark.askedAtMs };
}

/** A match that stands still, and whether its turn has come. */
export interface StuckMatch {
  readonly matchId: string;
  readonly isLive: boolean;
  readonly rung: Rung;
}

/**
 * Who is asked about in this look: at most `most`, those that are being played first, then those that have waited longest.
 * @returns every mark as it is to be noted
 */
export function chooseAsked(stuck: readonly StuckMatch[], nowMs: number, most: number): readonly MarkedMatch[] {
  const due = stuck.filter(({ rung }) => rung.isAskDue).sort(byTurn);
  const asked = new Set(due.slice(0, most).map(({ matchId }) => matchId));
  return stuck.map(({ matchId, rung: { mark } }) => ({
    matchId,
    ...mark,
    askedAtMs: asked.has(matchId) ? nowMs : mark.askedAtMs,
  }));
}

function byTurn(a: StuckMatch, b: StuckMatch): number {
  if (a.isLive !== b.isLive) return a.isLive ? -1 : 1;
  return (a.rung.mark.askedAtMs ?? 0) - (b.rung.mark.askedAtMs ?? 0);
}
