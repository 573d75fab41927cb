import type { MatchState } from './match-state.js';
import { MatchStatus } from './match-status.js';
import { NO_SCORE } from './score.js';

/** A match of which nothing was ever said: as a new fixture row. */
export function emptyMatch(matchId: string): MatchState {
  return {
    matchId,
    epoch: 0,
    version: 0,
    status: MatchStatus.NotStarted,
    statusSinceS: null,
    statusSource: null,
    home: NO_SCORE,
    away: NO_SCORE,
    scoreSource: null,
    scoreSourceAtS: null,
    kickoffs: { firstHalfS: null, secondHalfS: null, overtimeS: null },
    kickoffSources: {},
    minute: null,
    providerTimeS: null,
    seenAtMs: null,
    pulledAtMs: null,
    reached: MatchStatus.NotStarted,
    peak: { home: NO_SCORE, away: NO_SCORE },
    announced: { home: 0, away: 0 },
    shown: { home: 0, away: 0 },
    torn: false,
  };
}
