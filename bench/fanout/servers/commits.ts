import type { ScoreCommitted } from '../../../src/contracts/committed-changes.js';
import { emptyMatch } from '../../../src/domain/empty-match.js';
import type { MatchState } from '../../../src/domain/match-state.js';
import { MatchStatus } from '../../../src/domain/match-status.js';
import { displayScore, type Slots } from '../../../src/domain/score.js';

/** Frames of one turn are of as many matches. */
const MATCHES = 5;
const HALF_AGE_S = 600;
const MINUTE = 56;

/** Commits of second halves in turn: a score that changed, so that existing clients are sent one frame for each. */
export class Commits {
  private readonly kickoffS = Math.floor(Date.now() / 1_000) - HALF_AGE_S;
  private next_ = 0;

  next(): ScoreCommitted {
    const n = this.next_++;
    const version = 11 + Math.floor(n / MATCHES);
    const [before, after] = [this.state(n % MATCHES, version), this.state(n % MATCHES, version + 1)];
    const nowMs = Date.now();
    const homeScore = displayScore(after.home);
    return {
      kind: 'score',
      matchId: after.matchId,
      epoch: after.epoch,
      version: after.version,
      source: 'mqtt',
      before,
      after,
      events: [{ type: 'score-changed', homeScore, awayScore: displayScore(after.away) }],
      catchUp: false,
      receivedAtMs: nowMs,
      committedAtMs: nowMs,
    };
  }

  private state(match: number, version: number): MatchState {
    const home: Slots = [version % 10, 0, 0, 1, 4, 0, 0];
    const away: Slots = [1, 0, 0, 2, 3, 0, 0];
    const shown = { home: displayScore(home), away: displayScore(away) };
    return {
      ...emptyMatch(`l7oqdehg6ko3r${match.toString().padStart(2, '0')}`),
      epoch: 1,
      version,
      status: MatchStatus.SecondHalf,
      statusSource: 'mqtt',
      scoreSource: 'mqtt',
      home,
      away,
      kickoffs: { firstHalfS: this.kickoffS - 3_600, secondHalfS: this.kickoffS, overtimeS: null },
      minute: MINUTE,
      reached: MatchStatus.SecondHalf,
      peak: { home, away },
      announced: shown,
      shown,
    };
  }
}
