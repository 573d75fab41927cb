import type { KickoffSources, Kickoffs, MatchState, RowOrigin } from '../../../domain/match-state.js';
import { isLive, isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import { goals, type Sides, type Slots } from '../../../domain/score.js';
import { epochOf, isSameIncarnation } from '../../../platform/newest-journaled.js';
import { type PlatformRow, readInteger, readText, toSlots } from '../../../platform/read-value.js';
import { PROVIDER_TIME_COLUMN } from '../../../platform/score-columns.js';
import { kickoffsOf, SCORE_COLUMNS_SQL, sideOf } from '../../../platform/score-row.js';
import { FINGERPRINT_SQL } from './drift-statement.js';
import { isEarlierScore, journaledPeak, PAST_CHANGES_SQL, type PastChange } from './journaled-peak.js';
import { named } from './score-statement.js';

/** A `ts_matches` row with what the journal knows of the match: the score columns as the host has them, ours typed. */
export interface MatchRow extends PlatformRow {
  readonly external_id: string;
  readonly kickoff_source: KickoffSources | null;
  readonly score_reached: number;
  readonly journal_epoch: number | null;
  readonly journal_source: string | null;
  readonly by_authority: boolean | null;
  readonly moved_kickoffs: boolean | null;
  readonly fingerprint: string;
  readonly past: readonly PastChange[] | null;
  readonly announced: { readonly home: unknown; readonly away: unknown } | null;
}

export const LOAD = named(
  'load',
  `
SELECT m.external_id, m.score_version, ${SCORE_COLUMNS_SQL}, m.kickoff_source, m.minute, m.live_kickoff_time,
  m.match_time, m.score_reached,
  round(extract(epoch FROM m.score_seen_at) * 1000)::bigint AS seen_ms,
  round(extract(epoch FROM m.score_pulled_at) * 1000)::bigint AS pulled_ms,
  m.last_update_source, ${FINGERPRINT_SQL} AS fingerprint,
  last.epoch AS journal_epoch, last.version AS journal_version, last.source AS journal_source, last.by_authority,
  last.moved_kickoffs, own.after AS announced, past.changes AS past
FROM ts_matches m
LEFT JOIN LATERAL (
  SELECT j.epoch, j.version, j.source, j.after ? 'authority' AS by_authority,
    ((j.before -> 'kickoffs') = (j.after -> 'kickoffs')) IS NOT TRUE AS moved_kickoffs FROM livescore_journal j
  WHERE j.match_id = m.external_id ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) last ON true
LEFT JOIN LATERAL (
  SELECT j.after FROM livescore_journal j
  WHERE j.match_id = m.external_id AND j.source <> 'foreign' ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) own ON true
LEFT JOIN LATERAL (${PAST_CHANGES_SQL}
) past ON true
WHERE m.external_id = ANY ($1::text[])`,
);

/** @throws UnreadableValueError when a score column holds what cannot be its value */
export function toMatchState(row: MatchRow): MatchState {
  const version = Number(row.score_version);
  const statusCode = readInteger(row, 'status_id');
  const status = isMatchStatus(statusCode) ? statusCode : MatchStatus.NotStarted;
  const home = sideOf(row, 'home');
  const away = sideOf(row, 'away');
  const kickoffs = kickoffsOf(row);
  const [scoreSource, scoreSourceAtS] = newestSource(row);
  return {
    matchId: row.external_id,
    epoch: epochOf(row, version),
    version,
    status,
    statusSinceS: readInteger(row, 'status_id_timestamp'),
    statusSource: readText(row, 'status_id_source'),
    home: home.slots,
    away: away.slots,
    scoreSource,
    scoreSourceAtS,
    kickoffs,
    kickoffSources: row.kickoff_source ?? {},
    fallbackKickoffS: readInteger(row, 'live_kickoff_time') ?? readInteger(row, 'match_time'),
    minute: readInteger(row, 'minute'),
    providerTimeS: readInteger(row, PROVIDER_TIME_COLUMN.name),
    seenAtMs: readInteger(row, 'seen_ms'),
    pulledAtMs: readInteger(row, 'pulled_ms'),
    reached: reachedOf(row.score_reached, status, kickoffs, home.slots, away.slots),
    peak: journaledPeak(isSameIncarnation(row, version) ? (row.past ?? []) : [], {
      home: home.slots,
      away: away.slots,
    }),
    announced: {
      home: goals(toSlots(row.announced?.home) ?? home.slots),
      away: goals(toSlots(row.announced?.away) ?? away.slots),
    },
    shown: { home: home.shown, away: away.shown },
    torn: home.torn || away.torn || statusCode !== status,
    origin: originOf(row, version, { home: home.slots, away: away.slots }),
  };
}

function originOf(row: MatchRow, version: number, sides: Sides): RowOrigin {
  const isJournaled = row.journal_epoch !== null && version === Number(row.journal_version);
  return {
    lastSource: readText(row, 'last_update_source'),
    journaledBy: isJournaled ? row.journal_source : null,
    byAuthority: isJournaled && row.by_authority === true,
    movedKickoffs: isJournaled && row.moved_kickoffs === true,
    isEarlier: isSameIncarnation(row, version) && isEarlierScore(row.past ?? [], sides),
    fingerprint: row.fingerprint,
  };
}

/** The furthest live status: what our writer noted, else what the row gives away. Kick-offs may be of a match that began again. */
function reachedOf(noted: number, status: MatchStatus, kickoffs: Kickoffs, home: Slots, away: Slots): MatchStatus {
  const signs: number[] = [noted];
  if (isLive(status)) signs.push(status);
  if (home[6] + away[6] > 0) signs.push(MatchStatus.Shootout);
  if (home[5] + away[5] > 0) signs.push(MatchStatus.ExtraTime);
  if (noted > 0) return Math.max(...signs) as MatchStatus;
  if (kickoffs.overtimeS !== null) signs.push(MatchStatus.ExtraTime);
  if (kickoffs.secondHalfS !== null) signs.push(MatchStatus.SecondHalf);
  if (kickoffs.firstHalfS !== null) signs.push(MatchStatus.FirstHalf);
  return Math.max(...signs) as MatchStatus;
}

function newestSource(row: MatchRow): [string | null, number | null] {
  const signs = ['home_score', 'away_score', 'status_id'].map((field): [string | null, number | null] => [
    readText(row, `${field}_source`),
    readInteger(row, `${field}_timestamp`),
  ]);
  return signs.reduce((newest, sign) => ((sign[1] ?? -1) > (newest[1] ?? -1) ? sign : newest));
}
