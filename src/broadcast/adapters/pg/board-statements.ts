import { SCORE_COLUMNS_SQL } from '../../../platform/score-row.js';
import type { Statement } from '../../../postgres/database.js';

/** More than is ever asked for: numbers in the text, so that the plan is one for few rows before it knows how many. */
const MOST_VERSIONS = 100_000;
const MOST_CURRENT_VERSIONS = 1_000_000;
const MOST_DETAILS = 20_000;
/** More than a list has. */
const MOST_INCIDENTS = 1_000;
const MOST_PREDICTIONS = 100;

const SINCE = `(now() - ($1::float8 * interval '1 millisecond'))`;

/** Ids alone, those that changed last first. The statuses are those of the platform's own index of live matches. */
export const CURRENT_MATCHES: Statement = {
  name: 'livescore_board_current',
  text: `
WITH changed AS MATERIALIZED (
  SELECT j.match_id, max(j.committed_at) AS at FROM (
    SELECT match_id, committed_at FROM livescore_journal
    WHERE committed_at >= ${SINCE}
    ORDER BY committed_at DESC LIMIT ${MOST_CURRENT_VERSIONS}
  ) AS j GROUP BY j.match_id
), live AS (
  SELECT m.external_id, m.match_time FROM ts_matches m
  WHERE m.status_id = ANY (ARRAY[2, 3, 4, 5, 7]) AND m.external_id IS NOT NULL
)
SELECT COALESCE(c.match_id, l.external_id) AS id
FROM changed c FULL JOIN live l ON l.external_id = c.match_id
ORDER BY c.at DESC NULLS LAST, l.match_time DESC NULLS LAST, 1 LIMIT $2::integer`,
};

/** Cards, substitutions and added time, in the order of the list. */
const INCIDENTS = `(SELECT jsonb_agg(i.value ORDER BY i.n) FROM jsonb_array_elements(
      CASE WHEN jsonb_typeof(m.incidents) = 'array' THEN m.incidents ELSE '[]' END) WITH ORDINALITY AS i (value, n)
    WHERE (i.value -> 'type') = ANY (ARRAY['3', '4', '9', '15', '19']::jsonb[]) AND i.n <= ${MOST_INCIDENTS})`;

const PREDICTIONS = `(SELECT jsonb_agg(jsonb_build_object('predictionId', p.id::text, 'botName', p.canonical_bot_name,
      'prediction', p.prediction, 'result', p.result, 'resultReason', p.result_reason, 'finalScore', p.final_score)
      ORDER BY p.created_at, p.id)
    FROM (SELECT * FROM ai_predictions a WHERE a.match_id = m.external_id
      ORDER BY a.created_at DESC, a.id LIMIT ${MOST_PREDICTIONS}) AS p)`;

export const LOAD_BOARD = load('livescore_board_load', PREDICTIONS);

/** For hosts without the table, or the right to read it. */
export const LOAD_BOARD_ALONE = load('livescore_board_load_alone', 'NULL::jsonb');

/** State and newest version in one statement: what it says belongs together. */
function load(name: string, predictions: string): Statement {
  return {
    name,
    text: `
SELECT m.external_id, m.score_version, m.competition_id, ${SCORE_COLUMNS_SQL}, m.minute, m.live_kickoff_time, m.match_time,
  round(extract(epoch FROM m.score_seen_at) * 1000)::float8 AS seen_ms,
  last.epoch AS journal_epoch, last.version AS journal_version, last.source AS journal_source, last.received_ms,
  (SELECT f.format FROM livescore_match_format f WHERE f.scope = 'match' AND f.id = m.external_id) AS own_format,
  (SELECT f.format FROM livescore_match_format f WHERE f.scope = 'competition' AND f.id = m.competition_id)
    AS competition_format,
  ${INCIDENTS} AS incidents,
  ${predictions} AS predictions
FROM ts_matches m
LEFT JOIN LATERAL (
  SELECT j.epoch, j.version, CASE WHEN j.source = 'revert' THEN 'foreign' ELSE j.source END AS source,
    round(extract(epoch FROM COALESCE(j.received_at, j.committed_at)) * 1000)::float8 AS received_ms
  FROM livescore_journal j WHERE j.match_id = m.external_id ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) last ON true
WHERE m.external_id = ANY ($1::text[])`,
  };
}

/** Three reads of indexes on the time; one row for each match and kind. */
export const HEADS: Statement = {
  name: 'livescore_board_heads',
  text: `
WITH recent AS (
  SELECT * FROM (
    SELECT match_id, epoch, version, committed_at FROM livescore_journal
    WHERE committed_at >= ${SINCE}
    ORDER BY committed_at DESC LIMIT ${MOST_VERSIONS}
  ) AS newest LIMIT $2::integer
), versions AS (
  SELECT match_id, max(ARRAY[epoch::bigint, version]) AS newest, min(ARRAY[epoch::bigint, version]) AS oldest, count(*) AS seen,
    max(committed_at) AS at
  FROM recent GROUP BY match_id
), details AS (
  SELECT d.match_id, max(d.at) AS at FROM (
    (SELECT match_id, announced_at AS at FROM livescore_announced
      WHERE news IS NOT NULL AND announced_at >= ${SINCE} ORDER BY announced_at DESC LIMIT ${MOST_DETAILS})
    UNION ALL
    (SELECT match_id, settled_at AS at FROM livescore_settlement_match
      WHERE settled_at >= ${SINCE} ORDER BY settled_at DESC LIMIT ${MOST_DETAILS})
  ) AS d GROUP BY d.match_id
)
SELECT v.match_id AS "matchId", v.newest[1]::integer AS epoch, v.newest[2]::float8 AS version,
  v.oldest[1]::integer AS "firstEpoch", v.oldest[2]::float8 AS "firstVersion", v.seen::float8 AS seen,
  round(extract(epoch FROM v.at) * 1000)::float8 AS "atMs"
FROM versions v
UNION ALL
SELECT d.match_id, NULL::integer, NULL::float8, NULL::integer, NULL::float8, NULL::float8,
  round(extract(epoch FROM d.at) * 1000)::float8
FROM details d
ORDER BY 7`,
};
