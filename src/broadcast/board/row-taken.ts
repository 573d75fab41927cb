import { STANDARD_FORMAT } from '../../domain/match-format.js';
import { matchClock } from '../../domain/match-minute.js';
import type { BoardRow } from '../ports/board-store.js';
import type { RowTaken } from './match-board.js';
import { stateOf } from './told-of.js';

/** A row of the database as the board takes it. */
export function rowTaken(row: BoardRow): RowTaken {
  const { state, position, competitionId, details, format } = row;
  const { matchId, status, kickoffs, fallbackKickoffS } = state;
  return {
    matchId,
    position,
    state: stateOf(state, position, row),
    clock: matchClock({
      status,
      kickoffs,
      fallbackKickoffS,
      format: format ?? STANDARD_FORMAT,
      addedAnnouncedMinutes: row.addedMinutes,
    }),
    beside: { competitionId, details },
  };
}
