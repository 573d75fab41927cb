import type { Statement } from '../../../postgres/database.js';

const MAX_SAMPLES_SHOWN = 20;

export const COMPARISON: Statement = {
  name: 'livescore_rollout_comparison',
  text: `
SELECT count(*)::int AS matches, COALESCE(sum(consistent), 0)::float8 AS consistent,
  COALESCE(sum(inconsistent), 0)::float8 AS inconsistent, COALESCE(sum(errors), 0)::float8 AS errors
FROM livescore_shadow WHERE compared_at >= $1`,
};

export const WHY_NOTHING: Statement = {
  name: 'livescore_rollout_why_nothing',
  text: `
SELECT EXISTS (SELECT FROM livescore_lease WHERE expires_at > now()) AS "isFeedTaken",
  EXISTS (SELECT FROM ts_matches WHERE status_id = ANY (ARRAY[2, 3, 4, 5, 7])) AS "isAnyLive",
  EXISTS (SELECT FROM livescore_rollout c WHERE c.stage = ANY (ARRAY['shadow', 'canary'])
    AND COALESCE((SELECT n.changed_at FROM livescore_rollout n WHERE n.id > c.id ORDER BY n.id LIMIT 1), 'infinity') >= $1)
    AS "wasCompared"`,
};

export const SAMPLES: Statement = {
  name: 'livescore_rollout_samples',
  text: `
SELECT match_id AS "matchId", sample FROM livescore_shadow, jsonb_array_elements(samples) AS sample
WHERE compared_at >= $1 AND (sample->>'at')::timestamptz >= $1
ORDER BY sample->>'at' DESC, match_id LIMIT ${MAX_SAMPLES_SHOWN}`,
};

export const LEAD: Statement = {
  name: 'livescore_rollout_lead',
  text: `
WITH goal AS (
  SELECT extract(epoch FROM g.legacy_at - g.direct_at)::float8 AS lead,
    g.legacy_at IS NULL AND g.direct_at < (now() - interval '10 minutes')
      AND COALESCE(m.status_id <> ALL (ARRAY[2, 3, 4, 5, 7]), true) AS lost
  FROM livescore_shadow_goal g LEFT JOIN ts_matches m ON m.external_id = g.match_id
  WHERE g.direct_at >= $1
)
SELECT count(*)::int AS goals, percentile_cont(0.5) WITHIN GROUP (ORDER BY lead) AS "p50S",
  percentile_cont(0.9) WITHIN GROUP (ORDER BY lead) AS "p90S", max(lead) AS "maxS",
  (count(*) FILTER (WHERE lead IS NULL AND NOT lost))::int AS awaited,
  (count(*) FILTER (WHERE lost))::int AS "lostByLegacy"
FROM goal`,
};

export const LATENCY: Statement = {
  name: 'livescore_rollout_latency',
  text: `
WITH change AS (
  SELECT extract(epoch FROM committed_at - received_at)::float8 * 1000 AS ms FROM livescore_journal
  WHERE committed_at >= $1 AND source <> 'foreign' AND NOT catch_up AND received_at IS NOT NULL
)
SELECT count(*)::int AS changes, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS "p50Ms",
  percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS "p95Ms"
FROM change`,
};

/** Goals of regular and extra time. */
const goalsOf = (slots: string) =>
  `CASE WHEN (${slots}->>5)::int <> 0 THEN (${slots}->>5)::int ELSE (${slots}->>0)::int END`;
/** The legacy path may never have written the arrays: then the row showed its score, or none, which is 0. */
const knownBefore = (side: 'home' | 'away') => {
  const shown = `COALESCE((before->'shown'->>${side === 'home' ? 0 : 1})::int, 0)`;
  return `CASE WHEN jsonb_typeof(before->'${side}') = 'array' THEN ${goalsOf(`(before->'${side}')`)} ELSE ${shown} END`;
};
const gained = (side: 'home' | 'away') =>
  `CASE WHEN before IS NOT NULL THEN GREATEST(${goalsOf(`(after->'${side}')`)} - ${knownBefore(side)}, 0) END`;

export const SOURCES: Statement = {
  name: 'livescore_rollout_sources',
  text: `
SELECT source, count(*)::int AS changes,
  COALESCE(sum(COALESCE(${gained('home')}, 0) + COALESCE(${gained('away')}, 0)), 0)::int AS goals
FROM livescore_journal WHERE committed_at >= $1 GROUP BY source ORDER BY source`,
};

const PIN = `match_id AS "matchId", route, pinned_by AS by, reason, round(extract(epoch FROM pinned_at) * 1000)::float8 AS "atMs"`;

export const PINS: Statement = {
  name: 'livescore_rollout_pins',
  text: `SELECT ${PIN} FROM livescore_pin ORDER BY pinned_at DESC, match_id LIMIT $1::int`,
};

export const PIN_OF: Statement = {
  name: 'livescore_rollout_pin_of',
  text: `SELECT ${PIN} FROM livescore_pin WHERE match_id = $1::text`,
};

export const UNKNOWN_MATCHES: Statement = {
  name: 'livescore_rollout_unknown_matches',
  text: `SELECT w.id FROM unnest($1::text[]) AS w (id)
WHERE NOT EXISTS (SELECT FROM ts_matches m WHERE m.external_id = w.id)`,
};

export const UNKNOWN_COMPETITIONS: Statement = {
  name: 'livescore_rollout_unknown_competitions',
  text: `SELECT w.id FROM unnest($1::text[]) AS w (id)
WHERE NOT EXISTS (SELECT FROM ts_matches m WHERE m.competition_id = w.id)`,
};
