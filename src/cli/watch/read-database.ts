import type { Client } from 'pg';
import type { DatabaseView, WatchedMatch } from './watch-view.js';

const MOST_MATCHES = 200;

const MATCHES = `
SELECT m.external_id AS id, m.status_id::integer AS status, m.home_score_display::integer AS home,
  m.away_score_display::integer AS away, m.minute::integer AS minute, m.last_update_source::text AS source, last.epoch,
  m.score_version::float8 AS version, last.changed AS "changedS",
  extract(epoch FROM (clock_timestamp() - m.score_seen_at))::float8 AS "seenS", (count(*) OVER ())::integer AS live
FROM ts_matches m LEFT JOIN LATERAL (
  SELECT j.epoch, extract(epoch FROM (clock_timestamp() - j.committed_at))::float8 AS changed FROM livescore_journal j
  WHERE j.match_id = m.external_id ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) last ON true
WHERE m.status_id = ANY (ARRAY[2, 3, 4, 5, 7]) AND m.external_id IS NOT NULL
ORDER BY last.changed NULLS LAST, m.external_id LIMIT ${MOST_MATCHES}`;

const RATES = `
SELECT (count(*) FILTER (WHERE r.committed_at > (now() - interval '1 minute')))::integer AS "changesLastMinute",
  percentile_cont(0.5) WITHIN GROUP (ORDER BY r.took) AS "p50Ms", percentile_cont(0.95) WITHIN GROUP (ORDER BY r.took) AS "p95Ms"
FROM (SELECT j.committed_at, CASE WHEN j.source = 'mqtt'
    THEN (extract(epoch FROM (j.committed_at - j.received_at))::float8 * 1000::float8) END AS took
  FROM livescore_journal j WHERE j.committed_at > (now() - interval '5 minutes') ORDER BY j.committed_at DESC LIMIT 20000) r`;

const STATE = `
SELECT (SELECT jsonb_build_object('holder', l.holder, 'fence', l.fence) FROM livescore_lease l
    WHERE l.name = 'ingest' AND l.expires_at > clock_timestamp()) AS lease,
  (SELECT jsonb_build_object('stage', r.stage, 'percent', r.percent, 'latched', r.latched) FROM livescore_rollout r
    ORDER BY r.id DESC LIMIT 1) AS stage`;

type MatchRow = WatchedMatch & { readonly live: number };

/** Three statements, each by an index. */
export async function readDatabase(client: Client): Promise<DatabaseView> {
  const matches = (await client.query<MatchRow>(MATCHES)).rows;
  const [rates] = (await client.query<Pick<DatabaseView, 'changesLastMinute' | 'p50Ms' | 'p95Ms'>>(RATES)).rows;
  const [state] = (await client.query<Pick<DatabaseView, 'lease'> & { stage: DatabaseView['stage'] | null }>(STATE))
    .rows;
  return {
    live: matches[0]?.live ?? 0,
    matches: matches.map(({ live: _live, ...match }) => match),
    changesLastMinute: rates?.changesLastMinute ?? 0,
    p50Ms: rates?.p50Ms ?? null,
    p95Ms: rates?.p95Ms ?? null,
    lease: state?.lease ?? null,
    stage: state?.stage ?? { stage: 'legacy', percent: 0, latched: false },
  };
}
