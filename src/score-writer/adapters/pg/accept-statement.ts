import type { Side } from '../../../domain/match-event.js';
import { FOREIGN, type MatchState } from '../../../domain/match-state.js';
import { isLive } from '../../../domain/match-status.js';
import { sameSlots } from '../../../domain/score.js';
import { COUNT_COLUMNS, countIn, KICKOFF_COLUMNS } from '../../../platform/score-columns.js';
import type { AcceptedRow } from '../../ports/score-store.js';
import { FINGERPRINT_SQL } from './drift-statement.js';
import { named, unfenced } from './score-statement.js';

/** The columns follow the slots where a person meant the score; others keep the columns they wrote. */
const setSide = (side: Side): string => {
  const value = (column: string, ours: string) => `${column} = CASE WHEN i.follow THEN ${ours} ELSE m.${column} END`;
  const counts = COUNT_COLUMNS.map(({ name }, n) => value(`${side}_${name}`, `(i.${side}_columns ->> ${n})::integer`));
  return `
    ${value(`${side}_scores`, `i.${side}`)},
    ${counts.join(',\n    ')},
    ${side}_score_source = CASE WHEN i.${side}_changed THEN i.source ELSE m.${side}_score_source END,
    ${side}_score_timestamp = CASE WHEN i.${side}_changed THEN i.at ELSE m.${side}_score_timestamp::bigint END`;
};

/**
 * What stands of somebody else's row becomes a version of ours: signed where it changed, so that the stamp of an authority
 * counts once. Neither `updated_at` nor the minute is touched: they are the other writer's.
 */
export const ACCEPT = named(
  'accept_foreign',
  `
WITH held AS (
  SELECT i.*, h.row_id FROM jsonb_to_recordset($1::jsonb) AS i (id text, epoch integer, version bigint, fingerprint text,
    source text, at bigint, follow boolean, status integer, status_changed boolean, home jsonb, away jsonb, home_columns jsonb,
    away_columns jsonb, home_changed boolean, away_changed boolean, kickoffs jsonb, kickoff_source jsonb, reached integer,
    before jsonb, after jsonb)
  CROSS JOIN LATERAL (
    SELECT m.ctid AS row_id FROM ts_matches m
    WHERE m.external_id = i.id AND m.score_version = i.version AND ${FINGERPRINT_SQL} = i.fingerprint
      AND ${unfenced('$2')}
    FOR NO KEY UPDATE SKIP LOCKED) h
), written AS (
  UPDATE ts_matches m SET
    score_version = i.version + 1,
    status_id_source = CASE WHEN i.status_changed THEN i.source ELSE m.status_id_source END,
    status_id_timestamp = CASE WHEN i.status_changed THEN i.at ELSE m.status_id_timestamp::bigint END,
    ended = CASE WHEN i.status_changed THEN i.status = 8 ELSE m.ended END,
    ${setSide('home')},
    ${setSide('away')},
    ${KICKOFF_COLUMNS.map(({ name }, n) => `${name} = (i.kickoffs ->> ${n})::bigint`).join(',\n    ')},
    kickoff_source = i.kickoff_source,
    score_reached = GREATEST(m.score_reached, i.reached),
    last_update_source = i.source
  FROM held i
  WHERE m.ctid = ANY (ARRAY(SELECT row_id FROM held)) AND m.external_id = i.id
  RETURNING i.*, m.provider_update_time::bigint AS provider_time
)
INSERT INTO livescore_journal (match_id, epoch, version, source, before, after, provider_time, received_at)
SELECT id, epoch, version + 1, '${FOREIGN}', before, after, provider_time, clock_timestamp() FROM written
RETURNING match_id AS id`,
);

/** The input of the statement. */
export function toAcceptInput({ known, next, fingerprint, byAuthority }: AcceptedRow, atS: number) {
  const after = byAuthority ? { ...snapshot(next), authority: true } : snapshot(next);
  return {
    id: next.matchId,
    epoch: next.epoch,
    version: next.version,
    fingerprint,
    source: byAuthority ? 'admin' : FOREIGN,
    at: atS,
    follow: byAuthority,
    status: next.status,
    status_changed: known?.status !== next.status,
    home: next.home,
    away: next.away,
    home_columns: COUNT_COLUMNS.map((column) => countIn(next.home, column)),
    away_columns: COUNT_COLUMNS.map((column) => countIn(next.away, column)),
    home_changed: !known || !sameSlots(known.home, next.home),
    away_changed: !known || !sameSlots(known.away, next.away),
    kickoffs: kickoffsOf(next),
    kickoff_source: next.kickoffSources,
    reached: isLive(next.status) ? next.status : 0,
    before: known && snapshot(known),
    after,
  };
}

const snapshot = (state: MatchState) => ({
  status: state.status,
  home: state.home,
  away: state.away,
  kickoffs: kickoffsOf(state),
});

const kickoffsOf = ({ kickoffs }: MatchState) => KICKOFF_COLUMNS.map(({ field }) => kickoffs[field]);
