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
export function isClockMoved({ before, after }: ScoreCommitted, times: MatchTimes): boolean {
  return before.status === after.status && times.clockOf(before).startedAt !== times.clockOf(after).startedAt;
}

/** An estimate that gives way is a correction, too; that a period begins is none. */
function isKickoffCorrected({ before, after }: ScoreCommitted, clock: MatchClock, times: MatchTimes): boolean {
  if (clock.startedAt === null) return false;
  const toldAtS = before.status === after.status ? times.clockOf(before).startedAt : knownBefore(before, after.status);
  return toldAtS !== null && toldAtS !== clock.startedAt;
}

function knownBefore({ kickoffs }: ScoreCommitted['before'], status: MatchStatus): number | null {
  if (status === MatchStatus.FirstHalf) return kickoffs.firstHalfS;
  return status === MatchStatus.SecondHalf ? kickoffs.secondHalfS : kickoffs.overtimeS;
}
