import type {
  Committed,
  IncidentCorrected,
  IncidentsCommitted,
  ScoreCommitted,
} from '../../contracts/committed-changes.js';
import type { MatchEvent } from '../../domain/match-event.js';
import { minuteText } from '../../domain/match-minute.js';
import type { Incident } from '../../domain/match-update.js';
import { displayScore } from '../../domain/score.js';
import type { CardFrame, ClientFrame, GoalCancelledFrame, GoalFrame, SubstitutionFrame } from './client-frame.js';

type Goal = Extract<MatchEvent, { type: 'goal' }>;
type GoalCancelled = Extract<MatchEvent, { type: 'goal-cancelled' }>;

/**
 * The frames clients read about one committed change, in sending order: state, cancellations, goals, score, minute.
 * @param nowMs sending time, unix ms: becomes `timestamp`
 */
export function framesOf(committed: Committed, nowMs: number): ClientFrame[] {
  return committed.kind === 'score' ? scoreFrames(committed, nowMs) : incidentFrames(committed, nowMs);
}

function scoreFrames(change: ScoreCommitted, nowMs: number): ClientFrame[] {
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
  return frames;
}

function stateFrame(change: ScoreCommitted, nowMs: number): ClientFrame {
  const { status, minute } = change.after;
  return {
    type: 'MATCH_STATE_CHANGE',
    matchId: change.matchId,
    statusId: status,
    newStatus: status,
    minute,
    optimistic: { statusId: status, minute, minuteText: minuteText(status, minute) },
    ...provenance(change),
    timestamp: nowMs,
  };
}

function goalCancelledFrame(change: ScoreCommitted, event: GoalCancelled, nowMs: number): GoalCancelledFrame {
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

function goalFrame(change: ScoreCommitted, event: Goal, nowMs: number): GoalFrame {
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

function scoreFrame(change: ScoreCommitted, nowMs: number): ClientFrame {
  const { home, away } = change.after;
  return {
    type: 'SCORE_CHANGE',
    matchId: change.matchId,
    ...scoreFields(change, displayScore(home), displayScore(away)),
    timestamp: nowMs,
  };
}

function minuteFrame(change: ScoreCommitted, nowMs: number): ClientFrame {
  const { status, minute } = change.after;
  return {
    type: 'MINUTE_UPDATE',
    matchId: change.matchId,
    minute,
    statusId: status,
    optimistic: { minute, minuteText: minuteText(status, minute), statusId: status },
    ...provenance(change),
    timestamp: nowMs,
  };
}

/** Clients apply a missing or null minute or status as if it were news: both are always those of the committed row. */
function scoreFields(change: ScoreCommitted, homeScore: number, awayScore: number) {
  const { status, minute } = change.after;
  return {
    homeScore,
    awayScore,
    minute,
    statusId: status,
    optimistic: { homeScore, awayScore, minute, minuteText: minuteText(status, minute), statusId: status },
    ...provenance(change),
  };
}

function provenance(change: ScoreCommitted) {
  return {
    version: change.version,
    epoch: change.epoch,
    source: change.source,
    receivedAt: change.receivedAtMs,
  };
}

function incidentFrames({ matchId, fresh, corrected }: IncidentsCommitted, nowMs: number): ClientFrame[] {
  const told = fresh.flatMap((incident) => incidentFrame(matchId, incident, nowMs) ?? []);
  return [...told, ...corrected.flatMap((correction) => correctedFrame(matchId, correction, nowMs) ?? [])];
}

/** Provider's incident codes: 3 yellow card, 4 red card, 15 second yellow card, 9 substitution. */
function incidentFrame(matchId: string, incident: Incident, nowMs: number): CardFrame | SubstitutionFrame | undefined {
  switch (incident.type) {
    case 3:
      return cardFrame(matchId, 'YELLOW', incident, nowMs);
    case 4:
    case 15:
      return cardFrame(matchId, 'RED', incident, nowMs);
    case 9:
      return substitutionFrame(matchId, incident, nowMs);
    default:
      return undefined;
  }
}

/** What was told before, told otherwise: a frame of its own type, so that nobody counts a second card. */
function correctedFrame(matchId: string, { before, after }: IncidentCorrected, nowMs: number): ClientFrame | undefined {
  const frame = incidentFrame(matchId, after, nowMs);
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
