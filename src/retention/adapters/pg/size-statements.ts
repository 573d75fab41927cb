import type { Statement } from '../../../postgres/database.js';

/** Names in the answers go without it: the host's schema is put before it, in texts, too. */
export const PREFIX = 'livescore_';

const OWN =
  `announced dead_letter foreign_write format_dispute host journal lease match_format pin provider_budget rollout
  rollout_decision setting settlement settlement_match shadow shadow_goal stale_match sync_asked sync_change sync_deleted
  sync_status withdrawn_incident`
    .split(/\s+/)
    .map((name) => PREFIX + name);
const bare = (table: string): string => table.slice(PREFIX.length);

/** From the catalogue alone. Rows that were set aside in a child count with their table. */
export const SIZES: Statement = {
  name: 'livescore_table_sizes',
  text: `
SELECT i.name, sum(c.reltuples) FILTER (WHERE c.reltuples >= 0)::float8 AS rows,
  sum(pg_total_relation_size(c.oid))::float8 AS bytes
FROM (VALUES ${OWN.map((table) => `('${bare(table)}', to_regclass('${table}'))`).join(', ')}) AS i (name, oid)
CROSS JOIN LATERAL (
  SELECT i.oid AS oid UNION ALL SELECT h.inhrelid FROM pg_catalog.pg_inherits h WHERE h.inhparent = i.oid
) p
JOIN pg_catalog.pg_class c ON c.oid = p.oid
GROUP BY i.name ORDER BY i.name`,
};

/** The first row of an index: of time, or of numbers, which rise with it. A child without such an index is not read. */
const OLDEST: Readonly<Record<string, { readonly at: string; readonly by: string; readonly where?: string }>> = {
  livescore_journal: { at: 'committed_at', by: 'committed_at' },
  livescore_announced: { at: 'announced_at', by: 'announced_at', where: 'WHERE o.news IS NOT NULL' },
  livescore_settlement_match: { at: 'settled_at', by: 'settled_at' },
  livescore_withdrawn_incident: { at: 'withdrawn_at', by: 'id' },
  livescore_dead_letter: { at: 'received_at', by: 'id' },
  livescore_rollout_decision: { at: 'decided_at', by: 'id' },
  livescore_foreign_write: { at: 'at', by: 'id' },
  livescore_sync_change: { at: 'seen_at', by: 'seen_at' },
};

export const AGES: Statement = {
  name: 'livescore_table_ages',
  text: Object.entries(OLDEST)
    .map(
      ([table, { at, by, where = '' }]) => `
SELECT '${bare(table)}' AS name, extract(epoch FROM (now() - o.${at}))::float8 AS "oldestS"
FROM (SELECT o.${at} FROM ONLY ${table} o ${where} ORDER BY o.${by} LIMIT 1) o`,
    )
    .join('\nUNION ALL'),
};
