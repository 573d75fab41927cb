import type { Statement } from '../../../postgres/database.js';

/** A match is looked for under another id up to this long after its time, seconds. */
const LONGEST_MOVE_S = 14 * 86_400;
/** Different texts of pending predictions that are read. */
const MOST_TEXTS = 10_000;

/** Matches that were settled since, or wait for a moment: both by an index. */
const SCOPE = `scope AS (
  SELECT m.match_id, m.mode, m.path FROM livescore_settlement_match m
  WHERE (m.settled_at >= $1::timestamptz) OR (m.next_at IS NOT NULL)
)`;
const newest = (shadow: 'true' | 'false') => `newest AS (
  SELECT DISTINCT ON (v.prediction_id) v.prediction_id, v.match_id, v.verdict, v.certainty, v.result, v.deadline, c.mode
  FROM scope c JOIN livescore_settlement v ON v.match_id = c.match_id WHERE v.is_shadow = ${shadow}
  ORDER BY v.prediction_id, v.revision DESC
)`;

export const SETTING: Statement = {
  name: 'livescore_settlement_setting',
  text: `SELECT s.value AS mode FROM livescore_setting s WHERE s.name = 'settlement_mode'`,
};

export const VERDICTS: Statement = {
  name: 'livescore_settlement_verdicts',
  text: `
WITH ${SCOPE}, ${newest('false')}
SELECT n.verdict, n.certainty::int AS certainty, count(*)::int AS predictions, min(n.deadline) AS deadline
FROM newest n GROUP BY n.verdict, n.certainty ORDER BY n.verdict, n.certainty`,
};

export const REVERSED: Statement = {
  name: 'livescore_settlement_reversed',
  text: `
WITH ${SCOPE}, told AS (
  SELECT v.prediction_id, v.result, lag(v.result) OVER (PARTITION BY v.prediction_id ORDER BY v.revision) AS before
  FROM scope c JOIN livescore_settlement v ON v.match_id = c.match_id WHERE NOT v.is_shadow
)
SELECT count(DISTINCT t.prediction_id)::int AS reversed FROM told t
WHERE (t.before <> 'pending') AND (t.before <> t.result)`,
};

export const PENDING_TEXTS: Statement = {
  name: 'livescore_settlement_pending_texts',
  text: `
WITH ${SCOPE}
SELECT p.prediction AS text, p.prediction_threshold::text AS threshold, count(*)::int AS predictions
FROM scope c JOIN ai_predictions p ON p.match_id = c.match_id WHERE p.result = 'pending'
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ${MOST_TEXTS}`,
};

/** Without a revision a result is somebody else's only where ours are written: a match in shadow has none of them. */
export const OTHERS: Statement = {
  name: 'livescore_settlement_others',
  text: `
WITH ${SCOPE}, ${newest('false')}
SELECT p.id::text AS "predictionId", p.match_id AS "matchId", p.result AS theirs, n.result AS ours
FROM scope c JOIN ai_predictions p ON p.match_id = c.match_id LEFT JOIN newest n ON n.prediction_id = p.id
WHERE ((n.result IS NULL) AND (p.result <> 'pending') AND (c.mode = 'on')) OR (n.result <> p.result)
ORDER BY p.match_id, p.id`,
};

/** Where the settlement is on, results are its own, and what it worked out in shadow is history. */
const COMPARED = `
WITH ${SCOPE}, ${newest('true')}, compared AS (
  SELECT p.id::text AS "predictionId", p.match_id AS "matchId", p.result AS theirs, n.result AS ours
  FROM newest n JOIN ai_predictions p ON p.id = n.prediction_id
  WHERE (n.mode = 'shadow') AND (n.result <> 'pending') AND (p.result <> 'pending')
)`;
export const SHADOW_COUNT: Statement = {
  name: 'livescore_settlement_shadow_count',
  text: `${COMPARED} SELECT count(*)::int AS compared FROM compared`,
};
export const SHADOW: Statement = {
  name: 'livescore_settlement_shadow',
  text: `${COMPARED} SELECT * FROM compared d WHERE d.theirs <> d.ours ORDER BY d."matchId", d."predictionId"`,
};

export const BEHIND: Statement = {
  name: 'livescore_settlement_behind',
  text: `
SELECT n.match_id AS "matchId", s.epoch || '.' || s.version AS settled, j.epoch || '.' || j.version AS journal,
  j.committed_at AS "committedAt"
FROM (SELECT DISTINCT r.match_id FROM livescore_journal r WHERE r.committed_at >= $1::timestamptz) n
CROSS JOIN LATERAL (SELECT l.epoch, l.version, l.committed_at FROM livescore_journal l WHERE l.match_id = n.match_id
  ORDER BY l.epoch DESC, l.version DESC LIMIT 1) j
LEFT JOIN livescore_settlement_match s ON s.match_id = n.match_id
WHERE ((s.match_id IS NULL) OR (ROW(s.epoch, s.version) < ROW(j.epoch, j.version)))
  AND EXISTS (SELECT FROM ai_predictions p WHERE p.match_id = n.match_id)
ORDER BY j.committed_at, n.match_id`,
};

export const HELD_BACK: Statement = {
  name: 'livescore_settlement_held_back',
  text: `
WITH ${SCOPE}
SELECT c.match_id AS "matchId" FROM scope c WHERE (c.path->>'heldBack') = 'true' ORDER BY c.match_id`,
};

/** The row of the match is missing, or says 9, 10, 12 or 13; the same teams meet in another row: the first one counts. */
export const MOVED: Statement = {
  name: 'livescore_settlement_moved',
  text: `
WITH lost AS MATERIALIZED (
  SELECT p.match_id, count(*)::int AS predictions, COALESCE(m.match_time, min(p.match_time)) AS at,
    COALESCE(m.home_team_id, min(p.home_team_id)) AS home, COALESCE(m.away_team_id, min(p.away_team_id)) AS away
  FROM ai_predictions p LEFT JOIN ts_matches m ON m.external_id = p.match_id
  WHERE (p.result = 'pending') AND (p.match_id IS NOT NULL)
    AND ((m.external_id IS NULL) OR (m.status_id = ANY (ARRAY[9, 10, 12, 13])))
  GROUP BY p.match_id, m.match_time, m.home_team_id, m.away_team_id
)
SELECT DISTINCT ON (l.match_id) l.match_id AS "matchId", n.external_id AS "newMatchId", to_timestamp(n.match_time) AS "matchTime", l.predictions
FROM lost l JOIN ts_matches n ON (n.home_team_id = l.home) AND (n.away_team_id = l.away)
WHERE (n.external_id <> l.match_id) AND (n.match_time >= l.at) AND (n.match_time <= (l.at + ${LONGEST_MOVE_S}))
ORDER BY l.match_id, n.match_time, n.external_id`,
};

const CHANGED = `
WITH ${SCOPE}, told AS (
  SELECT v.prediction_id, v.match_id, v.result, v.reason, v.score, v.decided_at,
    lag(v.result) OVER (PARTITION BY v.prediction_id ORDER BY v.revision) AS before
  FROM scope c JOIN livescore_settlement v ON v.match_id = c.match_id WHERE NOT v.is_shadow
)`;

export const REVERSALS: Statement = {
  name: 'livescore_settlement_reversals',
  text: `${CHANGED}
SELECT round(extract(epoch FROM t.decided_at) * 1000)::float8 AS "atMs", t.match_id AS "matchId",
  t.prediction_id::text AS "predictionId", t.before AS "from", t.result AS "to", t.reason, t.score
FROM told t WHERE (t.before <> 'pending') AND (t.before <> t.result) ORDER BY t.decided_at DESC, t.prediction_id LIMIT $2::int`,
};
