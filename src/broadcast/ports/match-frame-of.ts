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
  return {
    type: 'CHANGE',
    ...told.state,
    previous,
    clock: told.clock,
    events: told.events,
    committedAt: told.committedAt,
    ...(told.catchUp ? { catchUp: true } : undefined),
    ...(marks.replayed ? { replayed: true } : undefined),
    ...(marks.conflated ? { conflated: true } : undefined),
    ...(marks.restated ? { restated: true } : undefined),
    timestamp: nowMs,
  };
}

export function detailsFrame(matchId: string, details: Partial<MatchDetails>, nowMs: number): DetailsFrame {
  return { type: 'DETAILS', matchId, ...details, timestamp: nowMs };
}

export function clockFrame(matchId: string, position: Position, clock: MatchClock, nowMs: number): ClockFrame {
  return { type: 'CLOCK', matchId, position: positionText(position), clock, timestamp: nowMs };
}
