import { Client } from 'pg';

const LONGEST_PAUSE = `
  SELECT (extract(epoch FROM max(pause)) * 1000)::float8 AS ms
    FROM (SELECT committed_at, committed_at - lag(committed_at) OVER (ORDER BY committed_at) AS pause
            FROM livescore_journal
           WHERE committed_at BETWEEN to_timestamp($1::float8 / 1000) - interval '2 minutes'
                                  AND to_timestamp($2::float8 / 1000)) AS commits
   WHERE committed_at >= to_timestamp($1::float8 / 1000)`;

/** The longest time without a commit that ended between these moments of the database's clock, ms; null without any. */
export async function longestPauseMs(databaseUrl: string, fromMs: number, untilMs: number): Promise<number | null> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly ms: number | null }>(LONGEST_PAUSE, [fromMs, untilMs]);
    return rows[0]?.ms ?? null;
  } finally {
    await client.end();
  }
}
