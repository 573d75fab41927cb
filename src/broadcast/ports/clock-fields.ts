import type { ScoreCommitted } from '../../contracts/committed-changes.js';
import type { MatchTimes } from '../../contracts/match-times.js';
import type { MatchClock } from '../../domain/match-minute.js';
import { MatchStatus } from '../../domain/match-status.js';

/** What a frame about a committed change says of the time of the match. */
export interface ClockFields {
  readonly clock: MatchClock;
  /** present and true when the period began at another time than was told before: its minute may go back */
  readonly kickoffCorrected?: true;
}

export function clockFields(change: ScoreCommitted, times: MatchTimes): ClockFields {
  const clock = times.clockOf(change.after);
  return isKickoffCorrected(change, clock, times) ? { clock, kickoffCorrected: true } : { clock };
}

/** Did the clock of a period begin, or begin at another time, without a change of status? */
export function isClockMoved(change: ScoreCommitted, times: MatchTimes): boolean {
  const { before, after } = change;
  if (isSameTime(change)) return false;
  return before.status === after.status && times.clockOf(before).startedAt !== times.clockOf(after).startedAt;
}

/**
 * An estimate that gives way is a correction, too, and so is the first kick-off where the minute of the period before was
 * left standing. That a period begins is none.
 */
function isKickoffCorrected(change: ScoreCommitted, clock: MatchClock, times: MatchTimes): boolean {
  const { before, after } = change;
  if (clock.startedAt === null || isSameTime(change)) return false;
  if (before.status !== after.status) {
    const knownS = knownBefore(before, after.status);
    return knownS !== null && knownS !== clock.startedAt;
  }
  const toldAtS = times.clockOf(before).startedAt;
  const isBack = before.minute !== null && after.minute !== null && after.minute < before.minute;
  return toldAtS !== clock.startedAt && (toldAtS !== null || isBack);
}

/** Nearly every change: nothing that the clock is made of. */
function isSameTime({ before, after }: ScoreCommitted): boolean {
  return (
    before.status === after.status &&
    before.kickoffs === after.kickoffs &&
    before.fallbackKickoffS === after.fallbackKickoffS
  );
}

function knownBefore({ kickoffs }: ScoreCommitted['before'], status: MatchStatus): number | null {
  if (status === MatchStatus.FirstHalf) return kickoffs.firstHalfS;
  return status === MatchStatus.SecondHalf ? kickoffs.secondHalfS : kickoffs.overtimeS;
}
