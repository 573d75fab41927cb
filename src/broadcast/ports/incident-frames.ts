import type { IncidentCorrected, IncidentsCommitted } from '../../contracts/committed-changes.js';
import type { MatchTimes } from '../../contracts/match-times.js';
import { incidentKey } from '../../domain/incident-list.js';
import type { Incident } from '../../domain/match-update.js';
import type { AddedTimeFrame, CardFrame, ClientFrame, SubstitutionFrame } from './client-frame.js';

type IncidentFrame = CardFrame | SubstitutionFrame | AddedTimeFrame;

/** The frames about incidents, told for the first time or otherwise than before. */
export function incidentFrames(committed: IncidentsCommitted, nowMs: number, times: MatchTimes): ClientFrame[] {
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
      return addedTimeFrame(matchId, incident, nowMs);
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

function addedTimeFrame(matchId: string, incident: Incident, nowMs: number): AddedTimeFrame {
  const { time } = incident;
  return {
    type: 'ADDED_TIME',
    matchId,
    time,
    incidentKey: incidentKey(incident),
    optimistic: null,
    timestamp: nowMs,
  };
}

function cardFrame(matchId: string, cardType: CardFrame['cardType'], incident: Incident, nowMs: number): CardFrame {
  const { time, player_id, player_name } = incident;
  return {
    type: 'CARD',
    matchId,
    cardType,
    playerId: player_id ?? null,
    playerName: player_name ?? null,
    time,
    incidentKey: incidentKey(incident),
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
    incidentKey: incidentKey(incident),
    optimistic: null,
    timestamp: nowMs,
  };
}
