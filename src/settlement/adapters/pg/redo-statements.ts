import type { Statement } from '../../../postgres/database.js';

/** The match `$1` has versions, and those that its revisions go by are among them: the retention deletes old ones. */
export const IS_COMPLETE = `(EXISTS (SELECT FROM livescore_journal j WHERE j.match_id = $1::text)
  AND NOT EXISTS (SELECT FROM livescore_settlement v WHERE (v.match_id = $1::text) AND (v.version >= 0)
    AND NOT EXISTS (SELECT FROM livescore_journal j
      WHERE (j.match_id = v.match_id) AND (j.epoch = v.epoch) AND (j.version = v.version))))`;

/** The host's sweep takes what is due first. Who has another step in mind writes nothing. */
const DUE = 'step = (m.step + 1), next_at = to_timestamp(1)';
const RETURNING = `RETURNING (SELECT count(*)::integer FROM ai_predictions p WHERE p.match_id = m.match_id) AS predictions,
  (SELECT s.value FROM livescore_setting s WHERE s.name = 'settlement_mode') AS mode`;

export const SAY: Statement = {
  name: 'livescore_settlement_say',
  text: `
WITH was AS (SELECT w.match_id, w.epoch || '.' || w.version AS settled FROM livescore_settlement_match w
  WHERE w.match_id = $1::text),
redone AS (
  UPDATE livescore_settlement_match m SET words = (m.words || jsonb_build_array(jsonb_build_object(
      'atMs', round(extract(epoch FROM clock_timestamp()) * 1000), 'says', $2::text, 'by', $3::text, 'reason', $4::text))),
    ${DUE}
  WHERE m.match_id = $1::text ${RETURNING}
)
SELECT r.predictions, r.mode, was.settled FROM redone r CROSS JOIN was`,
};

export const RESET: Statement = {
  name: 'livescore_settlement_reset',
  text: `
WITH was AS (SELECT w.match_id, w.epoch || '.' || w.version AS settled FROM livescore_settlement_match w
  WHERE w.match_id = $1::text),
redone AS (
  UPDATE livescore_settlement_match m SET epoch = -1, version = -1, heard = 0, path = $2::jsonb, ${DUE}
  WHERE (m.match_id = $1::text) AND ${IS_COMPLETE} ${RETURNING}
)
SELECT r.predictions, r.mode, was.settled FROM redone r CROSS JOIN was`,
};

export const EXISTS_MATCH: Statement = {
  name: 'livescore_settlement_exists',
  text: 'SELECT FROM livescore_settlement_match m WHERE m.match_id = $1::text',
};

export const LOOK: Statement = {
  name: 'livescore_settlement_look',
  text: `SELECT (SELECT count(*)::integer FROM ai_predictions p WHERE p.match_id = m.match_id) AS predictions,
  (SELECT s.value FROM livescore_setting s WHERE s.name = 'settlement_mode') AS mode, m.epoch || '.' || m.version AS settled
FROM livescore_settlement_match m WHERE m.match_id = $1::text`,
};
