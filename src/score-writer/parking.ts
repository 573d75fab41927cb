import type { Decision, ScoreUpdate } from '../domain/decide.js';
import { emptyMatch } from '../domain/empty-match.js';
import type { MatchState } from '../domain/match-state.js';
import type { Outcome } from '../domain/outcome.js';
import { isRefused, JUMP, KICKOFF_LEARNT, UNKNOWN_MATCH } from '../domain/outcomes.js';
import { repeatOf, takePlace, type Waiting } from './waiting.js';

/** What is kept of a match without a row. */
export interface Parking {
  /** the newest update: judged when the row appears */
  readonly parked: Waiting | null;
  /** what a new row would be after everything that was parked */
  readonly imagined: MatchState | null;
}

export const NOTHING_PARKED: Parking = { parked: null, imagined: null };

/**
 * The update takes the place of the parked one and carries on what that one knew, unless it is older, or the guard refuses
 * it (a jump apart) after what was parked before; an older one leaves what it knew. A pull, of which nobody keeps a copy, gives way to every push.
 */
export function park(
  parking: Parking,
  { update, submitted, receipt }: Waiting,
  nowMs: number,
  judge: (imagined: MatchState, update: ScoreUpdate) => Decision,
): { readonly parking: Parking; readonly outcome: Outcome } {
  const { parked, imagined } = parking;
  const stays = { parking: { parked, imagined }, outcome: UNKNOWN_MATCH };
  const waiting = { ...repeatOf(update, nowMs), submitted, receipt, replay: true, final: false };
  if (parked && parked.update.receivedAtMs > update.receivedAtMs) {
    if (update.delivery === 'push') takePlace(parked, waiting);
    return stays;
  }
  if (update.delivery !== 'push' && imagined) return stays;
  if (parked) takePlace(waiting, parked);
  if (update.delivery !== 'push') return { ...stays, parking: { parked: waiting, imagined } };
  const { outcome, next } = judge(imagined ?? emptyMatch(update.matchId), update);
  if (parked && outcome === KICKOFF_LEARNT) {
    takePlace(parked, waiting);
    return { ...stays, parking: { parked, imagined: next } };
  }
  // nobody would ask about a jump that is not kept, and nobody is shown one that is
  if (imagined && isRefused(outcome) && outcome !== JUMP) return { ...stays, outcome };
  return { ...stays, parking: { parked: waiting, imagined: next } };
}
