import type { Statement } from '../../../postgres/database.js';

/** Versions of one match that are read at once. */
export const MOST_STEPS = 200;
const MOST_TEXTS = 10_000;
/** Longest wait for a prediction that somebody else has locked: the other matches go on, and this one is tried again. */
const LOCK_WAIT = '300ms';
/** Between 0 and 2^32 for each prediction: what is settled of it, so that a text that was corrected is noticed. */
const FINGERPRINT = `(hashtext(concat_ws('|', p.id, p.prediction, p.prediction_threshold))::bigint + 2147483648)`;

const JOURNAL_STEP = `jsonb_build_object('epoch', j.epoch, 'version', j.version, 'source', j.source, 'before', j.before,
      'after', j.after, 'providerTimeS', j.provider_time, 'atMs', round(extract(epoch FROM j.committed_at) * 1000))`;

export const READ: Statement = {
  name: 'livescore_settlement_read',
  text: `
SELECT i.id AS "matchId", s.step, s.path, s.words, s.heard, s.predictions, s.mode, t.texts, t.signature::float8 AS signature, j.steps, l.step AS last,
  round(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs",
  f.format AS format,
  EXISTS (SELECT FROM livescore_format_dispute d WHERE d.match_id = i.id) AS disputed
FROM unnest($1::text[]) AS i (id)
LEFT JOIN livescore_settlement_match s ON s.match_id = i.id
CROSS JOIN LATERAL (
  SELECT COALESCE(jsonb_agg(jsonb_build_object('prediction', g.prediction, 'threshold', g.threshold, 'count', g.n)
      ORDER BY g.prediction, g.threshold) FILTER (WHERE g.place <= ${MOST_TEXTS}), '[]') AS texts,
    COALESCE(sum(g.signature), 0) AS signature
  FROM (SELECT COALESCE(p.prediction, '') AS prediction, p.prediction_threshold::text AS threshold, count(*) AS n,
      sum(${FINGERPRINT}) AS signature, row_number() OVER (ORDER BY count(*) DESC) AS place
    FROM ai_predictions p WHERE p.match_id = i.id GROUP BY 1, 2) g
) t
CROSS JOIN LATERAL (
  SELECT COALESCE(jsonb_agg(${JOURNAL_STEP} ORDER BY j.epoch, j.version), '[]') AS steps
  FROM (SELECT * FROM livescore_journal n
    WHERE n.match_id = i.id AND t.texts <> '[]'::jsonb
      AND ROW(n.epoch, n.version) > ROW(COALESCE(s.epoch, -1), COALESCE(s.version, -1))
    ORDER BY n.epoch, n.version LIMIT ${MOST_STEPS}) j
) j
LEFT JOIN LATERAL (
  SELECT f.format FROM livescore_match_format f
  WHERE ((f.scope = 'match') AND (f.id = i.id)) OR ((f.scope = 'competition')
    AND (f.id = (SELECT m.competition_id FROM ts_matches m WHERE m.external_id = i.id LIMIT 1)))
  ORDER BY (f.scope = 'match') DESC LIMIT 1
) f ON true
LEFT JOIN LATERAL (
  SELECT ${JOURNAL_STEP} AS step FROM livescore_journal j
  WHERE j.match_id = i.id AND j.epoch = s.epoch AND j.version = s.version
) l ON true
WHERE t.texts <> '[]'::jsonb`,
};

/**
 * Rows carry the number of their verdict, not the verdict: 10,000 of them stay in memory. The newest revision of each prediction
 * decides whether it is due; who else has settled it is told, and left alone.
 */
export const WRITE: Statement = {
  name: 'livescore_settlement_write',
  text: `
WITH claim AS (
  INSERT INTO livescore_settlement_match AS m
    (match_id, step, epoch, version, path, words, heard, predictions, mode, next_at, settled_at)
  SELECT $1::text, 1, $3::integer, $4::bigint, $5::jsonb, $6::jsonb, $15::integer, $7::bigint, $8::text,
    to_timestamp($9::float8 / 1000), clock_timestamp()
  WHERE ($10::bigint IS NULL OR $10::bigint >= COALESCE((SELECT l.fence FROM livescore_lease l WHERE l.name = 'ingest'), 0))
    AND ($2::integer = 0 OR EXISTS (SELECT FROM livescore_settlement_match e WHERE e.match_id = $1::text))
  ON CONFLICT (match_id) DO UPDATE SET step = m.step + 1, epoch = EXCLUDED.epoch, version = EXCLUDED.version,
    path = EXCLUDED.path, words = EXCLUDED.words, heard = EXCLUDED.heard, predictions = EXCLUDED.predictions, mode = EXCLUDED.mode,
    next_at = EXCLUDED.next_at, settled_at = EXCLUDED.settled_at
  WHERE m.step = $2::integer
  RETURNING m.match_id
), ruled AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($11::jsonb) AS r (n integer, key text, verdict text, result text, certainty integer,
    reason text, market text, rule text, rule_version integer, period text, basis text, score text, deadline_ms float8,
    fingerprint text)
  WHERE (SELECT set_config('lock_timeout', '${LOCK_WAIT}', true)) IS NOT NULL
), due AS MATERIALIZED (
  SELECT p.id, p.result AS was, p.result_reason, p.canonical_bot_name, p.home_team_name, p.away_team_name,
    r.n, r.result AS rules, COALESCE(s.revision, 0) AS before, COALESCE(s.told, false) AS told,
    ($8::text = 'shadow' OR p.result = COALESCE(s.result, 'pending')) AS kept
  FROM claim c
  JOIN ai_predictions p ON p.match_id = c.match_id
  JOIN ruled r ON r.key = (p.prediction || '|' || COALESCE(p.prediction_threshold::text, ''))
  LEFT JOIN LATERAL (
    SELECT v.revision, v.result, v.told, v.fingerprint FROM livescore_settlement v
    WHERE v.prediction_id = p.id AND v.is_shadow = ($8::text = 'shadow') ORDER BY v.revision DESC LIMIT 1
  ) s ON true
  WHERE (s.fingerprint = r.fingerprint) IS NOT TRUE AND (s.fingerprint IS NOT NULL OR r.verdict <> 'open')
    AND ($14::boolean OR p.created_at IS NULL OR p.created_at::timestamptz <= to_timestamp($13::float8 / 1000))
  FOR NO KEY UPDATE OF p
), revisions AS (
  INSERT INTO livescore_settlement (prediction_id, is_shadow, revision, match_id, verdict, result, certainty, reason, cause,
    market, rule, rule_version, period, basis, score, epoch, version, deadline, supersedes, told, fingerprint, decided_at)
  SELECT d.id, $8::text = 'shadow', d.before + 1, $1::text, r.verdict, r.result, r.certainty, r.reason, $12::text,
    r.market, r.rule, r.rule_version, r.period, r.basis, r.score, $3::integer, $4::bigint,
    to_timestamp(r.deadline_ms / 1000), CASE WHEN d.before > 0 THEN d.before END, d.told OR r.result <> 'pending',
    r.fingerprint, to_timestamp($13::float8 / 1000)
  FROM due d JOIN ruled r ON r.n = d.n WHERE d.kept
), results AS (
  UPDATE ai_predictions p SET result = r.result, final_score = CASE WHEN r.result = 'pending' THEN NULL ELSE r.score END,
    result_reason = CASE WHEN r.verdict = 'open' THEN NULL ELSE r.reason END,
    resulted_at = CASE WHEN r.result = 'pending' THEN NULL ELSE now() END, updated_at = now()
  FROM due d JOIN ruled r ON r.n = d.n
  WHERE p.id = d.id AND d.kept AND $8::text = 'on' AND ((d.was <> r.result) OR (r.result <> 'pending')
    OR (d.result_reason = r.reason) IS NOT TRUE)
), marked AS (
  UPDATE livescore_journal j SET settled_at = clock_timestamp() FROM claim c
  WHERE j.match_id = c.match_id AND j.settled_at IS NULL AND $8::text = 'on'
    AND ROW(j.epoch, j.version) <= ROW($3::integer, $4::bigint)
)
SELECT NULL::text AS "predictionId", NULL::integer AS n, NULL::integer AS revision, NULL::boolean AS "isFirstResult",
  NULL::text AS theirs, NULL::text AS "botName", NULL::text AS "homeTeam", NULL::text AS "awayTeam"
FROM claim
UNION ALL
SELECT id::text, n, before + 1, NOT told AND rules <> 'pending', CASE WHEN NOT kept THEN was END, canonical_bot_name,
  home_team_name, away_team_name
FROM due`,
};

export const SWEEP: Statement = {
  name: 'livescore_settlement_sweep',
  text: `
SELECT DISTINCT u.match_id FROM (
  (SELECT n.match_id FROM (SELECT DISTINCT j.match_id FROM livescore_journal j
      WHERE j.committed_at > (now() - ($1::float8 * interval '1 millisecond'))) n
    CROSS JOIN LATERAL (SELECT l.epoch, l.version FROM livescore_journal l WHERE l.match_id = n.match_id
      ORDER BY l.epoch DESC, l.version DESC LIMIT 1) j
    LEFT JOIN livescore_settlement_match s ON s.match_id = n.match_id
    WHERE (s.match_id IS NULL OR ROW(s.epoch, s.version) < ROW(j.epoch, j.version))
      AND EXISTS (SELECT FROM ai_predictions p WHERE p.match_id = n.match_id))
  UNION ALL
  (SELECT s.match_id FROM livescore_settlement_match s
    WHERE s.next_at <= (clock_timestamp() - ($4::float8 * interval '1 millisecond')))
  UNION ALL
  (SELECT s.match_id FROM livescore_settlement_match s
    WHERE s.settled_at > (now() - GREATEST($1::float8 * interval '1 millisecond', interval '1 day'))
      AND ((s.mode <> $2::text) OR (s.predictions <> (SELECT COALESCE(sum(${FINGERPRINT}), 0) FROM ai_predictions p
        WHERE p.match_id = s.match_id))))
  UNION ALL
  (SELECT s.match_id FROM livescore_match_format f JOIN livescore_settlement_match s ON s.match_id = f.id
    WHERE f.scope = 'match' AND f.changed_at > s.settled_at AND (s.path ->> 'format') <> 'other'
      AND (((s.path ->> 'format') = 'disputed') OR NOT (f.format ~ '^2x')))
  UNION ALL
  (SELECT s.match_id FROM livescore_format_dispute d JOIN livescore_settlement_match s ON s.match_id = d.match_id
    WHERE d.raised_at > s.settled_at AND (s.path ->> 'format') = 'halves'
      AND NOT EXISTS (SELECT FROM livescore_match_format f WHERE f.scope = 'match' AND f.id = d.match_id))
) u WHERE u.match_id > $5::text ORDER BY u.match_id LIMIT $3::integer`,
};

/** Goals, cards, substitutions, the second half: what only a match that is played has. */
export const WAS_PLAYED: Statement = {
  name: 'livescore_settlement_was_played',
  text: `
SELECT EXISTS (SELECT FROM ts_matches m
  CROSS JOIN LATERAL jsonb_array_elements(
    CASE WHEN jsonb_typeof(m.incidents) = 'array' THEN m.incidents ELSE '[]' END) AS i (value)
  WHERE m.external_id = $1::text
    AND (i.value -> 'type') = ANY (ARRAY['1', '3', '4', '8', '9', '11', '15', '17']::jsonb[])) AS played`,
};

export const SETTING: Statement = {
  name: 'livescore_settlement_setting',
  text: `SELECT s.value FROM livescore_setting s WHERE s.name = 'settlement_mode'`,
};
