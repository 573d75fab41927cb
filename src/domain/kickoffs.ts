import type { KickoffSources, Kickoffs, MatchState } from './match-state.js';
import { MatchStatus } from './match-status.js';
import type { MatchUpdate, ScoreReport } from './match-update.js';

const MIN_GAP_S = 40 * 60;
const TOO_OLD_S = 120 * 60;

interface Remembered {
  readonly kickoffs: Kickoffs;
  readonly sources: KickoffSources;
  readonly changed: boolean;
}

/**
 * Records the kick-off a report of status 2, 4 or 5 shows: write-once, except that an estimate (a value without a
 * source) is replaced once. A value that cannot be a kick-off of that period is not recorded.
 */
export function rememberKickoff(
  state: MatchState,
  update: MatchUpdate & { readonly score: ScoreReport },
  nowMs: number,
): Remembered {
  const { kickoffs, kickoffSources: sources } = state;
  const unchanged = { kickoffs, sources, changed: false };
  const { status, periodKickoffS: atS } = update.score;
  if (atS === null || atS * 1000 > nowMs) return unchanged;
  const tooOld = nowMs / 1000 - atS > TOO_OLD_S;
  switch (status) {
    case MatchStatus.FirstHalf:
      if (tooOld || sources.firstHalf) return unchanged;
      return {
        kickoffs: { ...kickoffs, firstHalfS: atS },
        sources: { ...sources, firstHalf: update.source },
        changed: kickoffs.firstHalfS !== atS,
      };
    case MatchStatus.SecondHalf:
      if (tooOld || sources.secondHalf || tooSoon(atS, kickoffs.firstHalfS)) return unchanged;
      return {
        kickoffs: { ...kickoffs, secondHalfS: atS },
        sources: { ...sources, secondHalf: update.source },
        changed: kickoffs.secondHalfS !== atS,
      };
    case MatchStatus.ExtraTime:
      if (sources.overtime || tooSoon(atS, kickoffs.secondHalfS) || tooSoon(atS, kickoffs.firstHalfS)) return unchanged;
      return {
        kickoffs: { ...kickoffs, overtimeS: atS },
        sources: { ...sources, overtime: update.source },
        changed: kickoffs.overtimeS !== atS,
      };
    default:
      return unchanged;
  }
}

function tooSoon(atS: number, earlierS: number | null): boolean {
  return earlierS !== null && atS < earlierS + MIN_GAP_S;
}
