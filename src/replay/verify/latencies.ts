import type { Client } from 'pg';
import { percentile } from '../../kernel/percentile.js';
import { lacksSchema } from '../../postgres/sql-state.js';
import type { PublishTimes } from '../feed/publish-times.js';

/** Milliseconds, two decimals; null without samples. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export function percentiles(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((a, b) => a - b);
  const rounded = (value: number | null) => value && Math.round(value * 100) / 100;
  const at = (share: number) => rounded(percentile(sorted, share));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

interface JournalRow {
  readonly match_id: string;
  readonly committed_ms: number;
  readonly after: { readonly status: number; readonly home: number[] | null; readonly away: number[] | null };
}

const SELECT_COMMITS = `
SELECT match_id, EXTRACT(EPOCH FROM committed_at)::double precision * 1000 AS committed_ms, after
FROM livescore_journal WHERE match_id = ANY($1::text[])`;

/**
 * Milliseconds from the publication of each state to its commit, for the states that were committed as published.
 * None when there is no journal: the database belongs to a host without this package's migrations.
 */
export async function commitLatencies(
  client: Client,
  matchIds: readonly string[],
  published: PublishTimes,
): Promise<number[]> {
  const rows = await readJournal(client, matchIds);
  return rows.flatMap(({ match_id, committed_ms, after }) => {
    if (!after.home || !after.away) return [];
    const publishedMs = published.ofState(match_id, after.status, after.home, after.away);
    return publishedMs === undefined ? [] : [committed_ms - publishedMs];
  });
}

async function readJournal(client: Client, matchIds: readonly string[]): Promise<readonly JournalRow[]> {
  try {
    return (await client.query<JournalRow>(SELECT_COMMITS, [matchIds])).rows;
  } catch (error) {
    if (lacksSchema(error)) return [];
    throw error;
  }
}
