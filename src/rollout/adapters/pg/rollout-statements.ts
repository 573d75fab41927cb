import type { Statement } from '../../../postgres/database.js';

const CHANGE = `id::float8 AS id, stage, percent, allow_matches AS "allowMatches", deny_matches AS "denyMatches",
  allow_competitions AS "allowCompetitions", deny_competitions AS "denyCompetitions", step_plan AS "stepPlan", latched,
  round(extract(epoch FROM changed_at) * 1000)::float8 AS "changedAtMs", changed_by AS "changedBy", reason`;

const NEWEST = `SELECT ${CHANGE} FROM livescore_rollout ORDER BY livescore_rollout.id DESC LIMIT 1`;

const PINS = `SELECT COALESCE(jsonb_object_agg(match_id, route), '{}') AS pins FROM livescore_pin`;

/** Touches no table of the platform. */
export const READ: Statement = {
  name: 'livescore_rollout_read',
  text: `SELECT c.*, p.pins, '[]'::jsonb AS allowed, '[]'::jsonb AS denied
FROM (${PINS}) AS p LEFT JOIN (${NEWEST}) AS c ON true`,
};

/** Live, or kicking off between six hours ago and in two hours. */
const matchesOf = (competitions: string): string => `
  (SELECT COALESCE(jsonb_agg(m.external_id), '[]') FROM ts_matches m
   WHERE m.competition_id = ANY (SELECT jsonb_array_elements_text(${competitions}))
     AND (m.status_id = ANY (ARRAY[2, 3, 4, 5, 7])
       OR (m.match_time >= (extract(epoch FROM now())::bigint - 21600)
         AND m.match_time <= (extract(epoch FROM now())::bigint + 7200))))`;

/** The same, with the matches of the competitions. */
export const READ_WITH_COMPETITIONS: Statement = {
  name: 'livescore_rollout_read_competitions',
  text: `SELECT c.*, p.pins, ${matchesOf('c."allowCompetitions"')} AS allowed,
  ${matchesOf('c."denyCompetitions"')} AS denied
FROM (${PINS}) AS p LEFT JOIN (${NEWEST}) AS c ON true`,
};

/**
 * The id is the one after the newest, so the primary key decides between two who append at once; the sequence follows,
 * for those who insert by hand.
 */
export const APPEND: Statement = {
  name: 'livescore_rollout_append',
  text: `
INSERT INTO livescore_rollout (id, stage, percent, allow_matches, deny_matches, allow_competitions, deny_competitions,
  step_plan, latched, changed_by, reason)
OVERRIDING SYSTEM VALUE
SELECT COALESCE($1::bigint, 0) + 1, $2::text, $3::int, $4::jsonb, $5::jsonb, $6::jsonb, $7::jsonb, $8::jsonb,
  $9::boolean, $10::text, $11::text
WHERE ARRAY[(SELECT max(id) FROM livescore_rollout)] = ARRAY[$1::bigint]
ON CONFLICT (id) DO NOTHING
RETURNING ${CHANGE}, setval(pg_get_serial_sequence('livescore_rollout', 'id'), id)`,
};

export const HISTORY: Statement = {
  name: 'livescore_rollout_history',
  text: `SELECT ${CHANGE} FROM livescore_rollout ORDER BY livescore_rollout.id DESC LIMIT $1::int`,
};

export const PIN: Statement = {
  name: 'livescore_pin',
  text: `
INSERT INTO livescore_pin (match_id, route, pinned_by, reason) VALUES ($1::text, $2::text, $3::text, $4::text)
ON CONFLICT (match_id) DO UPDATE SET route = EXCLUDED.route, pinned_by = EXCLUDED.pinned_by,
  reason = EXCLUDED.reason, pinned_at = clock_timestamp()`,
};

export const UNPIN: Statement = {
  name: 'livescore_unpin',
  text: 'DELETE FROM livescore_pin WHERE match_id = $1::text',
};

export const NOTE_LEGACY_BINDING: Statement = {
  name: 'livescore_legacy_binding_note',
  text: `
INSERT INTO livescore_setting AS s (name, value) VALUES ('legacy_path', $1::text)
ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, changed_at = clock_timestamp() WHERE s.value <> EXCLUDED.value`,
};

export const LEGACY_BINDING: Statement = {
  name: 'livescore_legacy_binding',
  text: `SELECT value FROM livescore_setting WHERE name = 'legacy_path'`,
};

export const RECORD_DECISION: Statement = {
  name: 'livescore_rollout_decide',
  text: `
INSERT INTO livescore_rollout_decision (verdict, action, stage, percent, reason, numbers)
VALUES ($1::text, $2::text, $3::text, $4::int, $5::text, $6::jsonb)`,
};

export const DECISIONS: Statement = {
  name: 'livescore_rollout_decisions',
  text: `SELECT verdict, action, stage, percent, reason, numbers,
  round(extract(epoch FROM decided_at) * 1000)::float8 AS "decidedAtMs"
FROM livescore_rollout_decision ORDER BY id DESC LIMIT $1::int`,
};
