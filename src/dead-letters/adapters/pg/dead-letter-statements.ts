import type { Statement } from '../../../postgres/database.js';

const PAGE_BYTES = 4 * 2 ** 20;

/**
 * How the table says `unknown-match` of a letter that a newer one of its match, with another detail, did not replace:
 * a unique index allows one row per match under the reason itself.
 */
const EARLIER = 'unknown-match-earlier';
const READ_COLUMNS = `letter.id, regexp_replace(letter.reason, '-earlier$', '') AS reason, letter.detail,
  letter.match_id AS "matchId", letter.topic, letter.payload,
  round(extract(epoch FROM letter.received_at) * 1000)::double precision AS "receivedAtMs", letter.redrives`;
const PARKED = `= ANY (ARRAY['unknown-match', '${EARLIER}'])`;

/**
 * Makes room for newer letters of their matches: rows keep their ids, so that these stay in the order of receipt. Of a
 * match 6 older ones stay, with the one that is set aside now and the newest 8.
 */
export const SET_ASIDE: Statement = {
  name: 'livescore_set_aside_letters',
  text: `
WITH newer AS (
  SELECT match_id::varchar AS match_id, detail
  FROM ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::bigint[]))
    AS letter (match_id, detail, received_ms)
  WHERE NOT EXISTS (SELECT FROM livescore_dead_letter AS kept
    WHERE kept.reason = 'unknown-match' AND kept.match_id = letter.match_id::varchar
      AND kept.received_at > to_timestamp(letter.received_ms / 1000.0))
), earlier AS (
  SELECT kept.id, ARRAY[kept.detail] = ARRAY[newer.detail] AS replaced,
    row_number() OVER (PARTITION BY kept.match_id ORDER BY kept.id DESC) AS rank
  FROM livescore_dead_letter AS kept JOIN newer ON newer.match_id = kept.match_id
  WHERE kept.reason = '${EARLIER}'
), forgotten AS (
  DELETE FROM livescore_dead_letter AS kept USING earlier
  WHERE kept.id = earlier.id AND (earlier.replaced OR earlier.rank > 6)
)
UPDATE livescore_dead_letter AS kept SET reason = '${EARLIER}'
FROM newer
WHERE kept.reason = 'unknown-match' AND kept.match_id = newer.match_id 
  AND ARRAY[kept.detail] <> ARRAY[newer.detail]`,
};

export const INSERT_LETTERS: Statement = {
  name: 'livescore_insert_letters',
  text: `
INSERT INTO livescore_dead_letter AS kept (reason, detail, match_id, topic, payload, received_at)
SELECT reason, detail, match_id, topic, payload, to_timestamp(received_ms / 1000.0)
FROM ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::bytea[]),
    unnest($6::bigint[]))
  AS letter (reason, detail, match_id, topic, payload, received_ms)
ON CONFLICT (match_id) WHERE reason = 'unknown-match' DO UPDATE SET
  detail = EXCLUDED.detail, topic = EXCLUDED.topic, payload = EXCLUDED.payload,
  received_at = EXCLUDED.received_at, buried_at = clock_timestamp(), redrives = 0
WHERE kept.received_at <= EXCLUDED.received_at`,
};

export const RESOLVE_MATCHES: Statement = {
  name: 'livescore_resolve_letters',
  text: `
DELETE FROM livescore_dead_letter AS letter
USING ROWS FROM (unnest($1::text[]), unnest($2::bigint[])) AS resolved (match_id, not_after_ms)
WHERE letter.reason ${PARKED} AND letter.match_id = resolved.match_id::varchar
  AND letter.received_at <= to_timestamp(resolved.not_after_ms / 1000.0)`,
};

/** A receipt time is meant to the millisecond; the column could hold more. */
const MEANT = 'letter.id = meant.id AND letter.received_at < to_timestamp((meant.received_ms + 1) / 1000.0)';

export const REMOVE_LETTERS: Statement = {
  name: 'livescore_remove_letters',
  text: `
DELETE FROM livescore_dead_letter AS letter
USING ROWS FROM (unnest($1::bigint[]), unnest($2::bigint[])) AS meant (id, received_ms)
WHERE ${MEANT}`,
};

export const KEEP_LETTERS: Statement = {
  name: 'livescore_keep_letters',
  text: `
UPDATE livescore_dead_letter AS letter SET detail = meant.detail, buried_at = clock_timestamp()
FROM ROWS FROM (unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::text[])) AS meant (id, received_ms, detail)
WHERE ${MEANT}`,
};

/** $2 and $3: more than this is too much; $4 and $5: what may stay then. */
export const TRIM_LETTERS: Statement = {
  name: 'livescore_trim_letters',
  text: `
WITH ranked AS (
  SELECT id, octet_length(payload) AS bytes, row_number() OVER newest AS rank,
    sum(octet_length(payload)) OVER newest AS bytes_so_far
  FROM livescore_dead_letter WHERE reason = ANY (ARRAY[$1::varchar, $1::varchar || '-earlier'])
  WINDOW newest AS (ORDER BY received_at DESC, id DESC)
), kept AS (
  SELECT count(*) AS rows, COALESCE(sum(bytes), 0) AS bytes FROM ranked
), surplus AS (
  SELECT ranked.id, ranked.bytes FROM ranked, kept
  WHERE (kept.rows > $2::bigint OR kept.bytes > $3::bigint)
    AND (ranked.rank > $4::bigint OR ranked.bytes_so_far > $5::bigint)
  ORDER BY ranked.rank DESC LIMIT 5000
), evicted AS (
  DELETE FROM livescore_dead_letter AS letter USING surplus WHERE letter.id = surplus.id
  RETURNING surplus.bytes
)
SELECT (SELECT count(*) FROM evicted)::double precision AS evicted,
  (kept.rows - (SELECT count(*) FROM evicted))::double precision AS rows,
  (kept.bytes - COALESCE((SELECT sum(bytes) FROM evicted), 0))::double precision AS bytes
FROM kept`,
};

export const READ_PARKED: Statement = {
  name: 'livescore_read_parked_letters',
  text: `
WITH page AS (
  SELECT id, octet_length(payload) AS bytes FROM livescore_dead_letter
  WHERE reason ${PARKED} AND id > $2::bigint AND received_at >= to_timestamp($1::bigint / 1000.0)
  ORDER BY id LIMIT 200
), fitting AS (
  SELECT id FROM (SELECT id, sum(bytes) OVER (ORDER BY id) - bytes AS bytes_before, sum(bytes) OVER (ORDER BY id) AS bytes
    FROM page) AS page WHERE bytes <= ${PAGE_BYTES} OR bytes_before = 0
)
SELECT ${READ_COLUMNS} FROM livescore_dead_letter AS letter JOIN fitting ON fitting.id = letter.id ORDER BY letter.id`,
};

export const CLAIM_REDRIVES: Statement = {
  name: 'livescore_claim_redrives',
  text: `
WITH marked AS (
  SELECT id, redrive_at, received_at, octet_length(payload) AS bytes FROM livescore_dead_letter
  WHERE redrive_at IS NOT NULL
  ORDER BY redrive_at, received_at, id LIMIT 50
  FOR UPDATE SKIP LOCKED
), fitting AS (
  SELECT id FROM (SELECT id, sum(bytes) OVER request - bytes AS bytes_before, sum(bytes) OVER request AS bytes
    FROM marked WINDOW request AS (ORDER BY redrive_at, received_at, id)) AS page
  WHERE bytes <= ${PAGE_BYTES} OR bytes_before = 0
)
UPDATE livescore_dead_letter AS letter SET redrive_at = NULL, redrives = letter.redrives + 1
FROM fitting WHERE letter.id = fitting.id
RETURNING ${READ_COLUMNS}`,
};
