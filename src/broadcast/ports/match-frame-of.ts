import type { MatchClock } from '../../domain/match-minute.js';
import type { ChangeFrame, ClockFrame, DetailsFrame, MatchDetails } from './match-frames.js';
import { type Position, positionText } from './position.js';
import type { VersionTold } from './told.js';

export interface ChangeMarks {
  readonly restated?: boolean;
  readonly replayed?: boolean;
  readonly conflated?: boolean;
}

/** The frame of one version, as it continues `previous`. */
export function changeFrame(
  told: Pick<VersionTold, 'state' | 'clock' | 'events' | 'committedAt' | 'catchUp'>,
  previous: string,
  marks: ChangeMarks,
  nowMs: number,
): ChangeFrame {
  const { state, clock, events, committedAt } = told;
  return {
    type: 'CHANGE',
    // one by one: every change is encoded by this, and a spread costs more than all the rest
    matchId: state.matchId,
    position: state.position,
    statusId: state.statusId,
    homeScore: state.homeScore,
    awayScore: state.awayScore,
    scores: state.scores,
    kickoffs: state.kickoffs,
    source: state.source,
    receivedAt: state.receivedAt,
    previous,
    clock,
    events,
    committedAt,
    // what does not hold is left out of the text
    catchUp: told.catchUp,
    replayed: marks.replayed || undefined,
    conflated: marks.conflated || undefined,
    restated: marks.restated || undefined,
    timestamp: nowMs,
  };
}

export function detailsFrame(matchId: string, details: Partial<MatchDetails>, nowMs: number): DetailsFrame {
  return { type: 'DETAILS', matchId, ...details, timestamp: nowMs };
}

export function clockFrame(matchId: string, position: Position, clock: MatchClock, nowMs: number): ClockFrame {
  return { type: 'CLOCK', matchId, position: positionText(position), clock, timestamp: nowMs };
}
