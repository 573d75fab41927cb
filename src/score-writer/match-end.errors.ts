import type { MatchState } from '../domain/match-state.js';
import { statusWords } from '../domain/status-words.js';
import { LiveScoreError } from '../kernel/livescore.errors.js';
import { printable } from '../kernel/printable.js';

/** A match as people speak of it: `second half, 2-1, minute 67`. */
export function matchInWords({ status, shown, minute }: MatchState): string {
  return `${statusWords(status)}, ${shown.home}-${shown.away}${minute === null ? '' : `, minute ${minute}`}`;
}

/** There is no row that could be ended. */
export class NoSuchMatchError extends LiveScoreError {
  constructor(matchId: string) {
    super('LIVESCORE_NO_MATCH', `there is no match ${printable(matchId)}, or its row cannot be read`);
  }
}

/** Only a match in play can be ended. */
export class NotInPlayError extends LiveScoreError {
  constructor(match: MatchState) {
    super(
      'LIVESCORE_NOT_IN_PLAY',
      `match ${printable(match.matchId)} is not being played (${matchInWords(match)}): only a match in play can be ended; nothing was done`,
    );
  }
}

/** The row is not as it was when somebody agreed. */
export class MatchChangedError extends LiveScoreError {
  constructor(before: MatchState, now: MatchState) {
    super(
      'LIVESCORE_MATCH_CHANGED',
      `match ${printable(before.matchId)} has changed meanwhile (${matchInWords(before)}, now ${matchInWords(now)}): nothing was done; look again`,
    );
  }
}

/** Somebody else holds the lock of the row. */
export class MatchLockedError extends LiveScoreError {
  constructor(matchId: string) {
    super(
      'LIVESCORE_MATCH_LOCKED',
      `somebody holds the row of match ${printable(matchId)}: nothing was done; try again`,
    );
  }
}
