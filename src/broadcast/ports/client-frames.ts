import type {
  Committed,
  IncidentCorrected,
  IncidentsCommitted,
  ScoreCommitted,
} from '../../contracts/committed-changes.js';
import { type MatchTimes, STANDARD_TIMES } from '../../contracts/match-times.js';
import type { MatchEvent } from '../../domain/match-event.js';
import { minuteText } from '../../domain/match-minute.js';
import type { Incident } from '../../domain/match-update.js';
import { displayScore } from '../../domain/score.js';
import type {
  AddedTimeFrame,
  CardFrame,
  ClientFrame,
  ClockChangeFrame,
  GoalCancelledFrame,
  GoalFrame,
  SubstitutionFrame,
} from './client-frame.js';
import { type ClockFields, clockFields, isClockMoved } from './clock-fields.js';

type Goal = Extract<MatchEvent, { type: 'goal' }>;
type IncidentFrame = CardFrame | SubstitutionFrame | AddedTimeFrame;
type GoalCancelled = Extract<MatchEvent, { type: 'goal-cancelled' }>;

/**
 * The frames clients read about one committed change, in sending order: state, cancellations, goals, score, minute.
 * @param nowMs sending time, unix ms: becomes `timestamp`
 * @param times formats and announced added time
 */
export function framesOf(committed: Committed, nowMs: number, times: MatchTimes = STANDARD_TIMES): ClientFrame[] {
  return committed.kind === 'score' ? scoreFrames(committed, nowMs, times) : incidentFrames(committed, nowMs, times);
}

function scoreFrames(committed: ScoreCommitted, nowMs: number, times: MatchTimes): ClientFrame[] {
  const change: Told = { ...committed, text: textOf(committed, times), time: clockFields(committed, times) };
  const { events } = change;
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
type Told = ScoreCommitted & { readonly text: string; readonly time: ClockFields };

function textOf({ matchId, after }: ScoreCommitted, times: MatchTimes): string {
  return minuteText(after.status, after.minute, times.formatOf(matchId));
}

function clockFrame(change: Told, nowMs: number): ClockChangeFrame {
  return {
    type: 'CLOCK_CHANGE',
    matchId: change.matchId,
    statusId: change.after.status,
    optimistic: null,
    ...provenance(change),
    timestamp: nowMs,
  };
}

function stateFrame(change: Told, nowMs: number): ClientFrame {
  const { status, minute } = change.after;
  return {
    type: 'MATCH_STATE_CHANGE',
    matchId: change.matchId,
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
    matchId: change.matchId,
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
    matchId: change.matchId,
    time,
    playerId,
    playerName,
    ...(change.catchUp ? { catchUp: true } : undefined),
    ...scoreFields(change, homeScore, awayScore),
    timestamp: nowMs,
  };
}

function scoreFrame(change: Told, nowMs: number): ClientFrame {
  const { home, away } = change.after;
  return {
    type: 'SCORE_CHANGE',
    matchId: change.matchId,
    ...scoreFields(change, displayScore(home), displayScore(away)),
    timestamp: nowMs,
  };
}

function minuteFrame(change: Told, nowMs: number): ClientFrame {
  const { status, minute } = change.after;
  return {
    type: 'MINUTE_UPDATE',
    matchId: change.matchId,
    minute,
    statusId: status,
    optimistic: { minute, minuteText: change.text, statusId: status },
    ...provenance(change),
    timestamp: nowMs,
  };
}

/** Clients apply a missing or null minute or status as if it were news: both are always those of the committed row. */
function scoreFields(change: Told, homeScore: number, awayScore: number) {
  const { status, minute } = change.after;
  return {
    homeScore,
    awayScore,
    minute,
    statusId: status,
    optimistic: { homeScore, awayScore, minute, minuteText: change.text, statusId: status },
    ...provenance(change),
  };
}

function provenance(change: Told) {
  return {
    version: change.version,
    epoch: change.epoch,
    source: change.source,
    receivedAt: change.receivedAtMs,
    ...change.time,
  };
}

function incidentFrames(committed: IncidentsCommitted, nowMs: number, times: MatchTimes): ClientFrame[] {
  const { matchId, fresh, corrected } = committed;
  const told = fresh.flatMap((incident) => incidentFrame(matchId, incident, nowMs) ?? []);
  const frames = [...told, ...corrected.flatMap((correction) => correctedFrame(matchId, correction, nowMs) ?? [])];
  const clock = frames.length > 0 ? times.lastClockOf(matchId) : null;
  return clock ? frames.map((frame) => ({ ...frame, clock })) : frames;
}

/** Provider's incident codes: 3 yellow card, 4 red card, 15 second yellow card, 9 substitution, 19 added time. */
function incidentFrame(matchId: string, incident: Incident, nowMs: number): IncidentFrame | undefined {
  switch (incident.type) {
    case 3:
      return cardFrame(matchId, 'YELLOW', incident, nowMs);
    case 4:
    case 15:
      return cardFrame(matchId, 'RED', incident, nowMs);
    case 9:
      return substitutionFrame(matchId, incident, nowMs);
    case 19:
      return { type: 'ADDED_TIME', matchId, time: incident.time, optimistic: null, timestamp: nowMs };
    default:
      return undefined;
  }
}

/** What was told before, told otherwise: a frame of its own type, so that nobody counts a second card. */
function correctedFrame(matchId: string, { before, after }: IncidentCorrected, nowMs: number): ClientFrame | undefined {
  const frame = incidentFrame(matchId, after, nowMs);
  if (frame?.type === 'ADDED_TIME') return frame;
  const previousTime = before.time ?? null;
  if (frame?.type === 'CARD') {
    const previous = { previousPlayerId: before.player_id ?? null, previousPlayerName: before.player_name ?? null };
    return { ...frame, type: 'CARD_CORRECTED', previousTime, ...previous };
  }
  if (frame?.type !== 'SUBSTITUTION') return undefined;
  const previous = {
    previousInPlayerId: before.in_player_id ?? null,
    previousOutPlayerId: before.out_player_id ?? null,
  };
  return { ...frame, type: 'SUBSTITUTION_CORRECTED', previousTime, ...previous };
}

function cardFrame(
  matchId: string,
  cardType: CardFrame['cardType'],
  { time, player_id, player_name }: Incident,
  nowMs: number,
): CardFrame {
  return {
    type: 'CARD',
    matchId,
    cardType,
    playerId: player_id ?? null,
    playerName: player_name ?? null,
    time,
    optimistic: null,
    timestamp: nowMs,
  };
}

function substitutionFrame(matchId: string, incident: Incident, nowMs: number): SubstitutionFrame {
  return {
    type: 'SUBSTITUTION',
    matchId,
    inPlayerId: incident.in_player_id ?? null,
    inPlayerName: incident.in_player_name ?? null,
    outPlayerId: incident.out_player_id ?? null,
    outPlayerName: incident.out_player_name ?? null,
    time: incident.time,
    optimistic: null,
    timestamp: nowMs,
  };
}
