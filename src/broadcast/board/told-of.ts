import type { Committed, ScoreCommitted } from '../../contracts/committed-changes.js';
import type { MatchTimes } from '../../contracts/match-times.js';
import type { MatchState } from '../../domain/match-state.js';
import { displayScore } from '../../domain/score.js';
import type { ClientFrame } from '../ports/client-frame.js';
import { framesOf } from '../ports/client-frames.js';
import type { ProvenState } from '../ports/match-frames.js';
import { type Position, positionText } from '../ports/position.js';
import type { Told, VersionTold } from '../ports/told.js';

export interface Telling {
  /** sending time, unix ms */
  readonly nowMs: number;
  readonly times: MatchTimes;
}

/** What clients are told of a commit. */
export function toldOf(change: Committed, { nowMs, times }: Telling): Told {
  const { matchId } = change;
  let frames: readonly ClientFrame[] | null = null;
  return {
    matchId,
    /** made when somebody looks at them: a process may have no client of the first protocol, and nobody else to tell */
    get frames() {
      frames ??= framesOf(change, nowMs, times);
      return frames;
    },
    ...besideFrames(change, times),
  };
}

function besideFrames(change: Committed, times: MatchTimes): Omit<Told, 'matchId' | 'frames'> {
  switch (change.kind) {
    case 'score':
      return { version: versionOf(change, times) };
    case 'minute':
      return { clock: change.clock };
    case 'incidents': {
      const clock = times.lastClockOf(change.matchId);
      return { details: true, ...(clock ? { clock } : undefined) };
    }
  }
}

export function versionOf(change: ScoreCommitted, times: MatchTimes): VersionTold {
  const { before, after, epoch, version, source, receivedAtMs, committedAtMs } = change;
  const position = { epoch, version };
  return {
    previous: { epoch: before.epoch, version: before.version },
    position,
    state: stateOf(after, position, { source, receivedAtMs }),
    clock: times.clockOf(after),
    events: change.events.filter(({ type }) => type !== 'minute-changed'),
    committedAt: committedAtMs,
    ...(change.catchUp ? { catchUp: true } : undefined),
  };
}

type Proven = Pick<MatchState, 'matchId' | 'status' | 'home' | 'away' | 'kickoffs'>;

/** The part of a match that its position proves. */
export function stateOf(
  { matchId, status, home, away, kickoffs }: Proven,
  position: Position,
  { source, receivedAtMs }: { readonly source: string; readonly receivedAtMs: number },
): ProvenState {
  return {
    matchId,
    position: positionText(position),
    statusId: status,
    homeScore: displayScore(home),
    awayScore: displayScore(away),
    scores: { home, away },
    kickoffs: {
      firstHalf: kickoffs.firstHalfS,
      secondHalf: kickoffs.secondHalfS,
      overtime: kickoffs.overtimeS,
    },
    source,
    receivedAt: receivedAtMs,
  };
}
