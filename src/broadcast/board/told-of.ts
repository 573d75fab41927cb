import type { Committed, ScoreCommitted } from '../../contracts/committed-changes.js';
import type { MatchTimes } from '../../contracts/match-times.js';
import type { MatchEvent } from '../../domain/match-event.js';
import type { MatchClock } from '../../domain/match-minute.js';
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

/** How it is told, where it is not told as it was committed. */
export interface ToldMarks {
  /** a takeover tells it once more */
  readonly again?: true;
  /** the position that it continues, in the place of that of the row before */
  readonly previous?: Position;
}

/** What clients are told of a commit. */
export function toldOf(change: Committed, telling: Telling, marks: ToldMarks = {}): Told {
  return new CommitTold(change, telling, marks);
}

/**
 * A commit as it is told. Its frames are made when somebody looks at them: a process may have no client of the first protocol,
 * and nobody else to tell. So a copy by spread has none.
 */
class CommitTold implements Told {
  readonly matchId: string;
  readonly version: VersionTold | undefined;
  readonly clock: MatchClock | undefined;
  readonly details: true | undefined;
  readonly again: true | undefined;
  #frames: readonly ClientFrame[] | null = null;
  readonly #change: Committed;
  readonly #telling: Telling;

  constructor(change: Committed, telling: Telling, { again, previous }: ToldMarks) {
    const { times } = telling;
    this.#change = change;
    this.#telling = telling;
    this.matchId = change.matchId;
    this.version = change.kind === 'score' ? versionOf(change, times, previous) : undefined;
    this.clock = clockBeside(change, times);
    this.details = change.kind === 'incidents' || undefined;
    this.again = again;
  }

  get frames(): readonly ClientFrame[] {
    this.#frames ??= framesOf(this.#change, this.#telling.nowMs, this.#telling.times);
    return this.#frames;
  }

  toJSON(): Told {
    const { matchId, frames, version, clock, details, again } = this;
    return { matchId, frames, version, clock, details, again };
  }
}

/** Where no version carries it. */
function clockBeside(change: Committed, times: MatchTimes): MatchClock | undefined {
  switch (change.kind) {
    case 'score':
      return undefined;
    case 'minute':
      return change.clock;
    case 'incidents':
      return times.lastClockOf(change.matchId) ?? undefined;
  }
}

/** @param previous the position that it continues, in the place of that of the row before */
export function versionOf(change: ScoreCommitted, times: MatchTimes, previous?: Position): VersionTold {
  const { before, after, epoch, version, committedAtMs, events } = change;
  const position = { epoch, version };
  const told = {
    previous: previous ?? { epoch: before.epoch, version: before.version },
    position,
    state: stateOf(after, position, change),
    clock: times.clockOf(after),
    events: events.some(isMinute) ? events.filter((event) => !isMinute(event)) : events,
    committedAt: committedAtMs,
  };
  return change.catchUp ? { ...told, catchUp: true } : told;
}

function isMinute({ type }: MatchEvent): boolean {
  return type === 'minute-changed';
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
