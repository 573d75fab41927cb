import type { Statement } from '../../../postgres/database.js';

const LEASE = `'ingest'`;
const AFTER_TTL = `clock_timestamp() + ($2::float8 * interval '1 millisecond')`;

/**
 * Only the row that may be taken is locked: those who stand by disturb nobody. A row that is missing is made again with
 * a fence from the clock (ms since 1970), which is above every counted one, so that no holder of the past comes back.
 */
export const ACQUIRE: Statement = {
  name: 'livescore_lease_acquire',
  text: `
WITH taken AS (
  UPDATE livescore_lease SET holder = $1::text, fence = fence + 1, acquired_at = clock_timestamp(),
    renewed_at = clock_timestamp(), expires_at = ${AFTER_TTL}
  WHERE name = ${LEASE} AND (expires_at <= clock_timestamp() OR ($3::boolean AND holder = $1::text))
  RETURNING fence, client_id
), made AS (
  INSERT INTO livescore_lease (name, holder, fence, client_id, acquired_at, renewed_at, expires_at)
  SELECT ${LEASE}, $1::text, (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
    'livescore' || substr(md5(random()::text || clock_timestamp()::text), 1, 12),
    clock_timestamp(), clock_timestamp(), ${AFTER_TTL}
  WHERE NOT EXISTS (SELECT FROM livescore_lease WHERE name = ${LEASE})
  ON CONFLICT (name) DO NOTHING
  RETURNING fence, client_id
)
SELECT fence, client_id, NULL AS holder, NULL::float8 AS remaining_ms FROM taken
UNION ALL
SELECT fence, client_id, NULL, NULL FROM made
UNION ALL
SELECT NULL, NULL, holder,
  (extract(epoch FROM least(greatest(expires_at, now()), now() + interval '1 day') - now()) * 1000)::float8
FROM livescore_lease WHERE name = ${LEASE} AND NOT EXISTS (SELECT FROM taken)`,
};

/** A released term stays released, also when this arrives after the release. */
export const RENEW: Statement = {
  name: 'livescore_lease_renew',
  text: `
UPDATE livescore_lease SET renewed_at = clock_timestamp(), expires_at = ${AFTER_TTL}
WHERE name = ${LEASE} AND holder = $1::text AND fence = $3::bigint AND expires_at > '-infinity'
RETURNING fence`,
};

export const RELEASE: Statement = {
  name: 'livescore_lease_release',
  text: `UPDATE livescore_lease SET expires_at = '-infinity'
WHERE name = ${LEASE} AND holder = $1::text AND fence = $2::bigint`,
};
