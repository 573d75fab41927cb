import type { Committed, MinuteCommitted, ScoreCommitted } from '../../contracts/committed-changes.js';
import { type MatchTimes, STANDARD_TIMES } from '../../contracts/match-times.js';
import type { MatchEvent } from '../../domain/match-event.js';
import { minuteText } from '../../domain/match-minute.js';
import { displayScore } from '../../domain/score.js';
import type {
  ClientFrame,
  ClockChangeFrame,
  GoalCancelledFrame,
  GoalFrame,
  MinuteUpdateFrame,
} from './client-frame.js';
import { type ClockFields, clockFields, isClockMoved } from './clock-fields.js';
import { incidentFrames } from './incident-frames.js';

type Goal = Extract<MatchEvent, { type: 'goal' }>;
type GoalCancelled = Extract<MatchEvent, { type: 'goal-cancelled' }>;

/**
 * The frames clients read about one committed change, in sending order: state, cancellations, goals, score, minute.
 * @param nowMs sending time, unix ms: becomes `timestamp`
 * @param times formats and announced added time
 */
export function framesOf(committed: Committed, nowMs: number, times: MatchTimes = STANDARD_TIMES): ClientFrame[] {
  switch (committed.kind) {
    case 'score':
      return scoreFrames(committed, nowMs, times);
    case 'incidents':
      return incidentFrames(committed, nowMs, times);
    case 'minute':
      return [tickFrame(committed, nowMs, times)];
  }
}

function scoreFrames(committed: ScoreCommitted, nowMs: number, times: MatchTimes): ClientFrame[] {
  if (committed.events.length === 0 && !isClockMoved(committed, times)) return [];
  const change: Told = { committed, text: textOf(committed, times), time: clockFields(committed, times) };
  const { events } = committed;
  const frames: ClientFrame[] = [];
  if (events.some((event) => event.type === 'state-changed')) frames.push(stateFrame(change, nowMs));
  // lists know no GOAL_CANCELLED: a cancellation is always followed by the score that is true now
  let scoreChanged = false;
  for (const event of events) {
    if (event.type === 'score-changed') scoreChanged = true;
    if (event.type === 'goal-cancelled') {
      scoreChanged = true;
      frames.push(goalCancelledFrame(change, event, nowMs));
    }
  }
  for (const event of events) if (event.type === 'goal') frames.push(goalFrame(change, event, nowMs));
  if (scoreChanged) frames.push(scoreFrame(change, nowMs));
  if (frames.length === 0 && events.some((event) => event.type === 'minute-changed')) {
    frames.push(minuteFrame(change, nowMs));
  }
  // who ticks by itself is told of no minute
  if (frames.every(({ type }) => type === 'MINUTE_UPDATE') && isClockMoved(committed, times)) {
    frames.push(clockFrame(change, nowMs));
  }
  return frames;
}

/** A change with what its frames say of the time. */
interface Told {
  readonly committed: ScoreCommitted;
  readonly text: string;
  readonly time: ClockFields;
}

function textOf({ matchId, after }: ScoreCommitted, times: MatchTimes): string {
  return minuteText(after.status, after.minute, times.formatOf(matchId));
}

function clockFrame(change: Told, nowMs: number): ClockChangeFrame {
  return {
    type: 'CLOCK_CHANGE',
    matchId: change.committed.matchId,
    statusId: change.committed.after.status,
    optimistic: null,
    ...provenance(change),
    timestamp: nowMs,
  };
}

function tickFrame(tick: MinuteCommitted, nowMs: number, times: MatchTimes): MinuteUpdateFrame {
  const { matchId, status, minute, version, epoch, clock, kickoffCorrected } = tick;
  return {
    type: 'MINUTE_UPDATE',
    matchId,
    minute,
    statusId: status,
    optimistic: { minute, minuteText: minuteText(status, minute, times.formatOf(matchId)), statusId: status },
    version,
    epoch,
    source: 'computed',
    receivedAt: tick.receivedAtMs,
    clock,
    ...(kickoffCorrected ? { kickoffCorrected } : undefined),
    timestamp: nowMs,
  };
}

function stateFrame(change: Told, nowMs: number): ClientFrame {
  const { status, minute } = change.committed.after;
  return {
    type: 'MATCH_STATE_CHANGE',
    matchId: change.committed.matchId,
    statusId: status,
    newStatus: status,
    minute,
    optimistic: { statusId: status, minute, minuteText: change.text },
    ...provenance(change),
    timestamp: nowMs,
  };
}

function goalCancelledFrame(change: Told, event: GoalCancelled, nowMs: number): GoalCancelledFrame {
  return {
    type: 'GOAL_CANCELLED',
    matchId: change.committed.matchId,
    homeScore: event.homeScore,
    awayScore: event.awayScore,
    previousHomeScore: event.previousHomeScore,
    previousAwayScore: event.previousAwayScore,
    optimistic: null,
    ...provenance(change),
    timestamp: nowMs,
  };
}

function goalFrame(change: Told, event: Goal, nowMs: number): GoalFrame {
  const { homeScore, awayScore, time, playerId, playerName } = event;
  return {
    type: 'GOAL',
    matchId: change.committed.matchId,
    time,
    playerId,
    playerName,
    ...(change.committed.catchUp ? { catchUp: true } : undefined),
    ...scoreFields(change, homeScore, awayScore),
    timestamp: nowMs,
  };
}

function scoreFrame(change: Told, nowMs: number): ClientFrame {
  const { home, away } = change.committed.after;
  return {
    type: 'SCORE_CHANGE',
    matchId: change.committed.matchId,
    ...scoreFields(change, displayScore(home), displayScore(away)),
    timestamp: nowMs,
  };
}

function minuteFrame(change: Told, nowMs: number): ClientFrame {
  const { status, minute } = change.committed.after;
  return {
    type: 'MINUTE_UPDATE',
    matchId: change.committed.matchId,
    minute,
    statusId: status,
    optimistic: { minute, minuteText: change.text, statusId: status },
    ...provenance(change),
    timestamp: nowMs,
  };
}

/** Clients apply a missing or null minute or status as if it were news: both are always those of the committed row. */
function scoreFields(change: Told, homeScore: number, awayScore: number) {
  const { status, minute } = change.committed.after;
  return {
    homeScore,
    awayScore,
    minute,
    statusId: status,
    optimistic: { homeScore, awayScore, minute, minuteText: change.text, statusId: status },
    ...provenance(change),
  };
}

function provenance({ committed, time }: Told) {
  return {
    version: committed.version,
    epoch: committed.epoch,
    source: committed.source,
    receivedAt: committed.receivedAtMs,
    ...time,
  };
}
