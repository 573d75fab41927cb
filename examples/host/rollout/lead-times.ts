import { Client } from 'pg';

/** What the comparison found since the database was made. */
export interface LeadTimes {
  /** goals the direct path had */
  readonly goals: number;
  /** of these, goals that were never in the row of the legacy path */
  readonly neverWritten: number;
  /** how much earlier the direct path had a goal, ms; null before the first one that both had */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

const SELECT = `
SELECT count(*)::int AS goals, (count(*) FILTER (WHERE legacy_at IS NULL))::int AS "neverWritten",
  round(percentile_cont(0.5) WITHIN GROUP (ORDER BY lead))::int AS "p50Ms",
  round(percentile_cont(0.95) WITHIN GROUP (ORDER BY lead))::int AS "p95Ms"
FROM (SELECT legacy_at, extract(epoch FROM legacy_at - direct_at) * 1000 AS lead FROM livescore_shadow_goal) AS goal`;

export async function readLeadTimes(databaseUrl: string): Promise<LeadTimes> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<LeadTimes>(SELECT);
    return rows[0] as LeadTimes;
  } finally {
    await client.end();
  }
}
