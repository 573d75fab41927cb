import type { Statement } from '../../../postgres/database.js';

const ms = (time: string): string => `round(extract(epoch FROM ${time}) * 1000)::float8`;
const COLUMNS = `r.entity, r.run_id AS "runId", r.kind, ${ms('r.started_at')} AS "startedAtMs",
  CASE WHEN r.run_id IS NOT NULL THEN ${ms('(clock_timestamp() - r.heartbeat_at)')} END AS "silentMs", r.page, r.newest::text AS newest,
  r.seen::text AS seen, r.added::text AS added, r.changed::text AS changed, r.refused::text AS refused, r.deleted::text AS deleted,
  ${ms('r.tick_at')} AS "tickAtMs", r.verdict, ${ms('r.finished_at')} AS "finishedAtMs", ${ms('r.complete_at')} AS "completeAtMs",
  ${ms('r.full_at')} AS "fullAtMs", r.watermark::text AS watermark, r.wanted`;

export const ENROL: Statement = {
  name: 'livescore_sync_enrol',
  text: `
INSERT INTO livescore_sync_status (entity) SELECT i.id FROM unnest($1::text[]) AS i (id)
ON CONFLICT (entity) DO NOTHING RETURNING entity`,
};

export const OLD_CURSORS: Statement = {
  name: 'livescore_sync_old_cursors',
  text: `
SELECT s.entity_type::text AS entity, s.last_updated_at::text AS value,
  floor(extract(epoch FROM clock_timestamp()))::text AS "nowS"
FROM ts_sync_state s WHERE s.entity_type = ANY ($1::text[]) AND s.last_updated_at IS NOT NULL`,
};

/** What a worker of the platform has read is not read again: its next full run comes by schedule. */
export const ADOPT: Statement = {
  name: 'livescore_sync_adopt',
  text: `
UPDATE livescore_sync_status r SET watermark = c.value, full_at = clock_timestamp(), complete_at = clock_timestamp()
FROM json_to_recordset($1::json) AS c (entity text, value bigint) WHERE r.entity = c.entity AND r.watermark IS NULL`,
};

export const LOOK: Statement = {
  name: 'livescore_sync_look',
  text: `
SELECT ${ms('clock_timestamp()')} AS "nowMs",
  (SELECT jsonb_object_agg(s.name, s.value) FROM livescore_setting s
    WHERE s.name = 'sync_mode' OR starts_with(s.name, 'sync.')) AS settings,
  (SELECT jsonb_agg(to_jsonb(q)) FROM (SELECT ${COLUMNS} FROM livescore_sync_status r) q) AS runs`,
};

/** Of all instances one gets the row. Nothing is claimed beside a run, and a tick once only. */
export const CLAIM: Statement = {
  name: 'livescore_sync_claim',
  text: `
UPDATE livescore_sync_status r SET run_id = $2::uuid, kind = $3::text, runner = $4::text, started_at = clock_timestamp(),
  heartbeat_at = clock_timestamp(), page = 1, newest = NULL, seen = 0, added = 0, changed = 0, refused = 0, deleted = 0,
  tick_at = COALESCE(to_timestamp($5::float8 / 1000), r.tick_at),
  ticks = r.ticks + (CASE WHEN $5::float8 IS NULL THEN 0 ELSE 1 END),
  wanted = CASE WHEN $6::text IS NULL THEN r.wanted END
WHERE r.entity = $1::text AND r.run_id IS NULL
  AND ($5::float8 IS NULL OR r.tick_at IS NULL OR (r.tick_at < to_timestamp($5::float8 / 1000)))
  AND ($6::text IS NULL OR (r.wanted = $6::text))
RETURNING ${COLUMNS}`,
};

export const TAKE_OVER: Statement = {
  name: 'livescore_sync_take_over',
  text: `
UPDATE livescore_sync_status r SET run_id = $3::uuid, runner = $4::text, heartbeat_at = clock_timestamp()
WHERE r.entity = $1::text AND r.run_id = $2::uuid
  AND r.heartbeat_at < (clock_timestamp() - ($5::float8 * interval '1 millisecond'))
RETURNING ${COLUMNS}`,
};

export const BEAT: Statement = {
  name: 'livescore_sync_beat',
  text: `
UPDATE livescore_sync_status r SET heartbeat_at = clock_timestamp(), seen = $3::bigint, added = $4::bigint,
  changed = $5::bigint, refused = $6::bigint, deleted = $7::bigint
WHERE r.entity = $1::text AND r.run_id = $2::uuid RETURNING 1`,
};

/** `started_at` is what a complete run vouches for: what changed later is for the next one. */
export const FINISH: Statement = {
  name: 'livescore_sync_finish',
  text: `
UPDATE livescore_sync_status r SET run_id = NULL, verdict = $3::text, error = $4::text, finished_at = clock_timestamp(),
  seen = $5::bigint, added = $6::bigint, changed = $7::bigint, refused = $8::bigint, deleted = $9::bigint,
  watermark = CASE WHEN $10::boolean THEN $11::bigint ELSE r.watermark END,
  complete_at = CASE WHEN $3::text = 'complete' AND $12::text <> 'diff' THEN r.started_at ELSE r.complete_at END,
  full_at = CASE WHEN $3::text = 'complete' AND $12::text <> 'diff' AND $14::boolean THEN r.started_at ELSE r.full_at END,
  diff = COALESCE($13::jsonb, r.diff)
WHERE r.entity = $1::text AND r.run_id = $2::uuid RETURNING 1`,
};

export const RELEASE: Statement = {
  name: 'livescore_sync_release',
  text: `
UPDATE livescore_sync_status r SET heartbeat_at = 'epoch'::timestamptz
WHERE r.entity = $1::text AND r.run_id = $2::uuid`,
};

export const WANT: Statement = {
  name: 'livescore_sync_want',
  text: `
UPDATE livescore_sync_status r SET wanted = $2::text, wanted_at = clock_timestamp(), wanted_by = $3::text
WHERE r.entity = $1::text RETURNING ${ms('r.wanted_at')} AS "atMs"`,
};

export const REQUIRE_FULL: Statement = {
  name: 'livescore_sync_require_full',
  text: 'UPDATE livescore_sync_status r SET full_at = NULL WHERE r.entity = ANY ($1::text[])',
};

export const TAKE_SETTING: Statement = {
  name: 'livescore_sync_take_setting',
  text: `
UPDATE livescore_setting s SET value = 'false', changed_at = now() WHERE s.name = $1::text AND s.value = 'true' RETURNING 1`,
};

export const GIVE_BACK: Statement = {
  name: 'livescore_sync_give_back',
  text: `
INSERT INTO ts_sync_state AS s (entity_type, last_updated_at, last_sync_at, updated_at)
VALUES ($1::text, $2::bigint, now(), now())
ON CONFLICT (entity_type) DO UPDATE SET last_updated_at = EXCLUDED.last_updated_at, last_sync_at = EXCLUDED.last_sync_at,
  updated_at = EXCLUDED.updated_at`,
};
