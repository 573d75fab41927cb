import type { Client } from 'pg';
import type { ShadowSample } from '../rollout/ports/shadow-store.js';

/** What the comparison found, of the matches compared in the period. */
export interface ComparisonReport {
  readonly matches: number;
  readonly consistent: number;
  readonly inconsistent: number;
  readonly errors: number;
  /** the newest differences */
  readonly samples: readonly (ShadowSample & { readonly matchId: string })[];
}

/** What tells why nothing was compared. */
export interface WhyNothing {
  /** somebody holds the lease */
  readonly isFeedTaken: boolean;
  readonly isAnyLive: boolean;
  /** the stage compared, at some time in the period */
  readonly wasCompared: boolean;
}

/** Goals of matches in shadow. Seconds by which the direct path was earlier; null without a goal that both had. */
export interface LeadReport {
  readonly goals: number;
  readonly p50S: number | null;
  readonly p90S: number | null;
  readonly maxS: number | null;
  /** the legacy path may still show them */
  readonly awaited: number;
  /** the match is over, and ten minutes have passed */
  readonly lostByLegacy: number;
}

/** Changes that the direct path made of pushes; from our receipt to the row, so both clocks are in it. */
export interface LatencyReport {
  readonly changes: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

interface SourceReport {
  readonly source: string;
  readonly changes: number;
  readonly goals: number;
}

const MAX_SAMPLES_SHOWN = 20;

const COMPARISON = `
SELECT count(*)::int AS matches, COALESCE(sum(consistent), 0)::float8 AS consistent,
  COALESCE(sum(inconsistent), 0)::float8 AS inconsistent, COALESCE(sum(errors), 0)::float8 AS errors
FROM livescore_shadow WHERE compared_at >= $1`;

const WHY_NOTHING = `
SELECT EXISTS (SELECT FROM livescore_lease WHERE expires_at > now()) AS "isFeedTaken",
  EXISTS (SELECT FROM ts_matches WHERE status_id = ANY (ARRAY[2, 3, 4, 5, 7])) AS "isAnyLive",
  EXISTS (SELECT FROM livescore_rollout c WHERE c.stage = ANY (ARRAY['shadow', 'canary'])
    AND COALESCE((SELECT n.changed_at FROM livescore_rollout n WHERE n.id > c.id ORDER BY n.id LIMIT 1), 'infinity') >= $1)
    AS "wasCompared"`;

const SAMPLES = `
SELECT match_id AS "matchId", sample FROM livescore_shadow, jsonb_array_elements(samples) AS sample
WHERE compared_at >= $1 AND (sample->>'at')::timestamptz >= $1
ORDER BY sample->>'at' DESC, match_id LIMIT ${MAX_SAMPLES_SHOWN}`;

const LEAD = `
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
FROM goal`;

const LATENCY = `
WITH change AS (
  SELECT extract(epoch FROM committed_at - received_at)::float8 * 1000 AS ms FROM livescore_journal
  WHERE committed_at >= $1 AND source <> 'foreign' AND NOT catch_up AND received_at IS NOT NULL
)
SELECT count(*)::int AS changes, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS "p50Ms",
  percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS "p95Ms"
FROM change`;

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

const SOURCES = `
SELECT source, count(*)::int AS changes,
  COALESCE(sum(COALESCE(${gained('home')}, 0) + COALESCE(${gained('away')}, 0)), 0)::int AS goals
FROM livescore_journal WHERE committed_at >= $1 GROUP BY source ORDER BY source`;

/** Everything that is counted by the database, from `since` on. */
export async function readReport(client: Client, since: Date) {
  const one = async <Row extends object>(text: string) => (await client.query<Row>(text, [since])).rows[0] as Row;
  const samples = await client.query<{ matchId: string; sample: ShadowSample }>(SAMPLES, [since]);
  return {
    comparison: {
      ...(await one<Omit<ComparisonReport, 'samples'>>(COMPARISON)),
      samples: samples.rows.map(({ matchId, sample }) => ({ matchId, ...sample })),
    } satisfies ComparisonReport,
    nothing: await one<WhyNothing>(WHY_NOTHING),
    lead: await one<LeadReport>(LEAD),
    latency: await one<LatencyReport>(LATENCY),
    sources: (await client.query<SourceReport>(SOURCES, [since])).rows,
  };
}

export type CountedReport = Awaited<ReturnType<typeof readReport>>;
