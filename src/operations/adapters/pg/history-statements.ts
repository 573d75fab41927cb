import type { Statement } from '../../../postgres/database.js';

const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;

export const VERSIONS: Statement = {
  name: 'livescore_operations_versions',
  text: `SELECT ${ms('j.committed_at')} AS "atMs", j.epoch, j.version::float8 AS version, j.source, j.before, j.after,
  ${ms('j.received_at')} AS "receivedAtMs", j.catch_up AS "isCatchUp", j.after->>'by' AS by, j.after->>'reason' AS reason
FROM livescore_journal j WHERE j.match_id = $1::text ORDER BY j.epoch DESC, j.version DESC LIMIT 500`,
};

export const ANNOUNCEMENTS: Statement = {
  name: 'livescore_operations_announcements',
  text: `SELECT ${ms('a.announced_at')} AS "atMs", a.incident_key AS text
FROM livescore_announced a WHERE a.match_id = $1::text ORDER BY a.announced_at DESC, a.incident_key LIMIT 200`,
};

export const VERDICTS: Statement = {
  name: 'livescore_operations_verdicts',
  text: `SELECT ${ms('v.decided_at')} AS "atMs", v.prediction_id::text AS "predictionId", v.revision, v.market, v.verdict, v.result,
  v.certainty::int AS certainty, v.reason, v.score, v.is_shadow AS "isShadow"
FROM livescore_settlement v WHERE v.match_id = $1::text ORDER BY v.decided_at DESC, v.prediction_id, v.revision DESC LIMIT 300`,
};

export const FOREIGN: Statement = {
  name: 'livescore_operations_foreign',
  text: `SELECT ${ms('f.at')} AS "atMs", f.version::float8 AS version, f.mode, f.result
FROM livescore_foreign_write f WHERE f.match_id = $1::text ORDER BY f.id DESC LIMIT 100`,
};

export const LETTERS: Statement = {
  name: 'livescore_operations_letters',
  text: `SELECT ${ms('d.received_at')} AS "atMs", d.id::text AS id, d.reason, d.detail
FROM livescore_dead_letter d WHERE d.match_id = $1::text ORDER BY d.id DESC LIMIT 50`,
};

export const WORDS: Statement = {
  name: 'livescore_operations_words',
  text: `SELECT (w.word->>'atMs')::float8 AS "atMs", w.word->>'says' AS says, w.word->>'by' AS by, w.word->>'reason' AS reason
FROM livescore_settlement_match m CROSS JOIN LATERAL jsonb_array_elements(m.words) AS w (word)
WHERE m.match_id = $1::text LIMIT 100`,
};
