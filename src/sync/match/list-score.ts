import { isSettable, MatchStatus } from '../../domain/match-status.js';
import type { MatchUpdate, ScoreReport } from '../../domain/match-update.js';
import { NO_SCORE, type Slots, sameSlots, withKnownCorners } from '../../domain/score.js';
import type { StoredFixture } from '../ports/fixture-store.js';
import type { MatchEntry } from './match-entry.js';

/**
 * Is there anything for the guard to judge? An entry of an older state than the row knows, or of a row that nobody could
 * lock, is not worth it; an entry that says what the row says is none.
 */
export function saysOtherwise({ score }: MatchEntry, stored: StoredFixture): boolean {
  if (!score || stored.fate === 'older' || stored.fate === 'busy' || !isSettable(score.status)) return false;
  return (
    score.status !== (stored.status ?? MatchStatus.NotStarted) ||
    differs(score.home, stored.home ?? NO_SCORE) ||
    differs(score.away, stored.away ?? NO_SCORE)
  );
}

function differs(told: Slots, known: Slots): boolean {
  return !sameSlots(withKnownCorners(told, known), known);
}

/** The entry as the guard takes it: without provider time, which a list does not have. */
export function toUpdate(
  matchId: string,
  score: ScoreReport,
  listedAsOfS: number | null,
  times: { readonly requestedAtMs: number; readonly receivedAtMs: number },
): MatchUpdate {
  return {
    matchId,
    source: 'api',
    delivery: 'pull',
    ...times,
    providerTimeS: null,
    fromList: true,
    listedAsOfS,
    score,
  };
}
