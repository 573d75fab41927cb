import type { KickoffSources, MatchState } from '../../../domain/match-state.js';
import { isLive, isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import { displayScore, goals, type Slots } from '../../../domain/score.js';
import { named } from './score-statement.js';

/** A `ts_matches` row with what the journal knows of the match, as node-postgres returns it. */
export interface MatchRow {
  readonly external_id: string;
  readonly score_version: string;
  readonly status_id: number | null;
  readonly status_id_source: string | null;
  readonly status_id_timestamp: string | null;
  readonly home_scores: unknown;
  readonly away_scores: unknown;
  /** display, regular, overtime, penalties, red, yellow, corners */
  readonly home_columns: readonly (number | null)[];
  readonly away_columns: readonly (number | null)[];
  readonly home_score_source: string | null;
  readonly away_score_source: string | null;
  readonly home_score_timestamp: string | null;
  readonly away_score_timestamp: string | null;
  readonly first_half_kickoff_ts: string | null;
  readonly second_half_kickoff_ts: string | null;
  readonly overtime_kickoff_ts: string | null;
  readonly kickoff_source: KickoffSources | null;
  readonly minute: number | null;
  readonly provider_update_time: string | null;
  readonly seen_ms: string | null;
  readonly pulled_ms: string | null;
  readonly score_reached: number;
  readonly journal_epoch: number | null;
  readonly journal_version: string | null;
  readonly announced: { readonly home: unknown; readonly away: unknown } | null;
}

/** Columns of one side, beside its array, that readers use. */
export const COUNT_COLUMNS = [
  'score_display',
  'score_regular',
  'score_overtime',
  'score_penalties',
  'red_cards',
  'yellow_cards',
  'corners',
] as const;

const columnsOf = (side: 'home' | 'away') =>
  `ARRAY[${COUNT_COLUMNS.map((column) => `m.${side}_${column}`).join(', ')}] AS ${side}_columns`;

export const LOAD = named(
  'load',
  `
SELECT m.external_id, m.score_version, m.status_id, m.status_id_source, m.status_id_timestamp,
  m.home_scores, m.away_scores, ${columnsOf('home')}, ${columnsOf('away')},
  m.home_score_source, m.away_score_source, m.home_score_timestamp, m.away_score_timestamp,
  m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts, m.kickoff_source, m.minute,
  m.provider_update_time, m.score_reached,
  round(extract(epoch FROM m.score_seen_at) * 1000)::bigint AS seen_ms,
  round(extract(epoch FROM m.score_pulled_at) * 1000)::bigint AS pulled_ms,
  last.epoch AS journal_epoch, last.version AS journal_version, own.after AS announced
FROM ts_matches m
LEFT JOIN LATERAL (
  SELECT j.epoch, j.version FROM livescore_journal j
  WHERE j.match_id = m.external_id ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) last ON true
LEFT JOIN LATERAL (
  SELECT j.after FROM livescore_journal j
  WHERE j.match_id = m.external_id AND j.source <> 'foreign' ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) own ON true
WHERE m.external_id = ANY ($1::text[])`,
);

export function toMatchState(row: MatchRow): MatchState {
  const version = Number(row.score_version);
  const status = isMatchStatus(row.status_id) ? row.status_id : MatchStatus.NotStarted;
  const home = toSlots(row.home_scores, row.home_columns);
  const away = toSlots(row.away_scores, row.away_columns);
  const kickoffs = {
    firstHalfS: toNumber(row.first_half_kickoff_ts),
    secondHalfS: toNumber(row.second_half_kickoff_ts),
    overtimeS: toNumber(row.overtime_kickoff_ts),
  };
  const [scoreSource, scoreSourceAtS] = newestSource(row);
  return {
    matchId: row.external_id,
    epoch: epochOf(row, version),
    version,
    status,
    statusSinceS: toNumber(row.status_id_timestamp),
    statusSource: row.status_id_source,
    home: home.slots,
    away: away.slots,
    scoreSource,
    scoreSourceAtS,
    kickoffs,
    kickoffSources: row.kickoff_source ?? {},
    minute: row.minute,
    providerTimeS: toNumber(row.provider_update_time),
    seenAtMs: toNumber(row.seen_ms),
    pulledAtMs: toNumber(row.pulled_ms),
    reached: reachedOf(row, status, home.slots, away.slots),
    peak: { home: home.slots, away: away.slots },
    announced: {
      home: goals(readSlots(row.announced?.home) ?? home.slots),
      away: goals(readSlots(row.announced?.away) ?? away.slots),
    },
    shown: {
      home: row.home_columns[0] ?? row.home_columns[1] ?? 0,
      away: row.away_columns[0] ?? row.away_columns[1] ?? 0,
    },
    torn: home.torn || away.torn || row.status_id !== status,
  };
}

/** The array is the truth where it is one; the columns must agree with it, else readers see two scores. */
function toSlots(json: unknown, columns: readonly (number | null)[]): { slots: Slots; torn: boolean } {
  const slots = readSlots(json);
  const [display, regular, overtime, penalties, red, yellow, corners] = columns;
  if (!slots) {
    const inPlay = regular ?? Math.max(0, (display ?? 0) - (penalties ?? 0));
    const known: Slots = [inPlay, 0, red ?? 0, yellow ?? 0, corners ?? 0, overtime ?? 0, penalties ?? 0];
    return { slots: known, torn: true };
  }
  const agrees =
    display === displayScore(slots) &&
    regular === slots[0] &&
    overtime === slots[5] &&
    penalties === slots[6] &&
    red === slots[2] &&
    yellow === slots[3] &&
    corners === slots[4];
  return { slots, torn: !agrees };
}

function readSlots(json: unknown): Slots | null {
  if (!Array.isArray(json) || json.length !== 7) return null;
  return json.every((slot) => Number.isInteger(slot) && slot >= 0) ? (json as unknown as Slots) : null;
}

/** A version below the journal's was restored or inserted again: its history starts a new epoch. */
function epochOf(row: MatchRow, version: number): number {
  if (row.journal_epoch === null) return 0;
  return version < Number(row.journal_version) ? row.journal_epoch + 1 : row.journal_epoch;
}

/** The furthest live status: what our writer noted, else what the row gives away. */
function reachedOf(row: MatchRow, status: MatchStatus, home: Slots, away: Slots): MatchStatus {
  const signs: number[] = [row.score_reached];
  if (isLive(status)) signs.push(status);
  if (home[6] + away[6] > 0) signs.push(MatchStatus.Shootout);
  if (row.overtime_kickoff_ts !== null || home[5] + away[5] > 0) signs.push(MatchStatus.ExtraTime);
  if (row.second_half_kickoff_ts !== null) signs.push(MatchStatus.SecondHalf);
  if (row.first_half_kickoff_ts !== null) signs.push(MatchStatus.FirstHalf);
  return Math.max(...signs) as MatchStatus;
}

function newestSource(row: MatchRow): [string | null, number | null] {
  const signs: [string | null, number | null][] = [
    [row.home_score_source, toNumber(row.home_score_timestamp)],
    [row.away_score_source, toNumber(row.away_score_timestamp)],
    [row.status_id_source, toNumber(row.status_id_timestamp)],
  ];
  return signs.reduce((newest, sign) => ((sign[1] ?? -1) > (newest[1] ?? -1) ? sign : newest));
}

/** bigint arrives as a string. */
function toNumber(value: string | number | null): number | null {
  return value === null ? null : Number(value);
}
