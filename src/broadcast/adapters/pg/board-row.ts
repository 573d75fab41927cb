import { incidentKey, type StoredIncident } from '../../../domain/incident-list.js';
import { type MatchFormat, readMatchFormat } from '../../../domain/match-format.js';
import { isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import type { Incident } from '../../../domain/match-update.js';
import { epochOf, isSameIncarnation } from '../../../platform/newest-journaled.js';
import { type PlatformRow, readInteger, readText } from '../../../platform/read-value.js';
import { PROVIDER_TIME_COLUMN } from '../../../platform/score-columns.js';
import { kickoffsOf, sideOf } from '../../../platform/score-row.js';
import { addedMinutesOf } from '../../added-minutes.js';
import type { BoardRow } from '../../ports/board-store.js';
import type { CardView, MatchDetails, PredictionView, SubstitutionView } from '../../ports/match-frames.js';

const RESULTS: readonly unknown[] = ['pending', 'won', 'lost', 'cancelled'] satisfies PredictionView['result'][];

/** @throws UnreadableValueError when a column holds what cannot be its value */
export function toBoardRow(row: PlatformRow): BoardRow {
  const version = readInteger(row, 'score_version') ?? 0;
  const code = readInteger(row, 'status_id');
  const status = isMatchStatus(code) ? code : MatchStatus.NotStarted;
  const format = formatOf(row);
  const incidents = incidentsOf(row.incidents);
  return {
    position: { epoch: epochOf(row, version), version },
    state: {
      matchId: String(row.external_id),
      status,
      home: sideOf(row, 'home').slots,
      away: sideOf(row, 'away').slots,
      kickoffs: kickoffsOf(row),
      fallbackKickoffS: readInteger(row, 'live_kickoff_time') ?? readInteger(row, 'match_time'),
      minute: readInteger(row, 'minute'),
    },
    format,
    addedMinutes: addedMinutesOf(status, format ?? undefined, incidents),
    competitionId: readText(row, 'competition_id'),
    ...originOf(row, version),
    details: detailsOf(incidents, row.predictions),
  };
}

/** The journal says it of the version that it has last; of another one nobody does. */
function originOf(row: PlatformRow, version: number): Pick<BoardRow, 'source' | 'receivedAtMs'> {
  const { journal_source: source, received_ms: receivedAtMs } = row;
  const isJournaled = isSameIncarnation(row, version) && version === Number(row.journal_version);
  if (isJournaled && typeof source === 'string' && typeof receivedAtMs === 'number') return { source, receivedAtMs };
  const providerTimeS = readInteger(row, PROVIDER_TIME_COLUMN.name) ?? 0;
  return { source: 'unknown', receivedAtMs: readInteger(row, 'seen_ms') ?? providerTimeS * 1000 };
}

function formatOf(row: PlatformRow): MatchFormat | null {
  return readMatchFormat(row.own_format) ?? readMatchFormat(row.competition_format);
}

function detailsOf(incidents: readonly Incident[], predictions: unknown): MatchDetails {
  return {
    cards: incidents.flatMap((incident) => toCard(incident) ?? []),
    substitutions: incidents.flatMap((incident) => toSubstitution(incident) ?? []),
    predictions: listOf(predictions).map(toPrediction),
  };
}

/** Those that have a minute: entries of other writers may have anything. */
function incidentsOf(value: unknown): readonly Incident[] {
  return listOf(value).filter(({ time }) => isMinute(time)) as Partial<Incident>[] as Incident[];
}

function isMinute(time: unknown): boolean {
  return typeof time === 'number' && Number.isSafeInteger(time) && time >= 0;
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}

/** Provider's incident codes: 3 yellow card, 4 red card, 15 second yellow card. */
function toCard(incident: Incident): CardView | undefined {
  const { type, time, player_id, player_name } = incident;
  if (type !== 3 && type !== 4 && type !== 15) return undefined;
  return {
    key: incidentKey(incident as StoredIncident),
    cardType: type === 3 ? 'YELLOW' : 'RED',
    time,
    team: teamOf(incident),
    playerId: textOf(player_id),
    playerName: textOf(player_name),
  };
}

function toSubstitution(incident: Incident): SubstitutionView | undefined {
  if (incident.type !== 9) return undefined;
  return {
    key: incidentKey(incident as StoredIncident),
    time: incident.time,
    team: teamOf(incident),
    inPlayerId: textOf(incident.in_player_id),
    inPlayerName: textOf(incident.in_player_name),
    outPlayerId: textOf(incident.out_player_id),
    outPlayerName: textOf(incident.out_player_name),
  };
}

function toPrediction(entry: Readonly<Record<string, unknown>>): PredictionView {
  const { predictionId, botName, prediction, result, resultReason, finalScore } = entry;
  return {
    predictionId: String(predictionId),
    botName: textOf(botName) ?? '',
    prediction: textOf(prediction) ?? '',
    result: RESULTS.includes(result) ? (result as PredictionView['result']) : 'pending',
    resultReason: textOf(resultReason),
    finalScore: textOf(finalScore),
  };
}

function teamOf({ position }: Incident): 'home' | 'away' | null {
  if (position === 1) return 'home';
  return position === 2 ? 'away' : null;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}
