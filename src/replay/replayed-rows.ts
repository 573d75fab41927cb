import type { Client } from 'pg';
import { pause } from '../kernel/deadline.js';
import { REAL_TIME } from '../kernel/scheduler.js';

/** Further matches are not counted. */
export const MOST_COUNTED = 1_000;

/** A replay names its one competition after its run, as its matches and teams: no other row looks like that. */
const OTHERS = `
SELECT count(*)::float8 AS others FROM (
  SELECT FROM ts_matches m WHERE NOT EXISTS (
    SELECT FROM ts_competitions c WHERE c.external_id = m.competition_id
      AND c.external_id = (substr(m.external_id, 1, 9) || 'c00000') AND substr(m.external_id, 10, 1) = 'm')
  LIMIT ${MOST_COUNTED}) AS other`;

/** How many matches the database holds that are of no replay; none where it has no such table. */
export async function otherMatches(client: Client): Promise<number> {
  const tables = await present(client, ['ts_matches', 'ts_competitions']);
  if (tables.length < 2) return 0;
  const { rows } = await client.query<{ others: number }>(OTHERS);
  return rows[0]?.others ?? 0;
}

/** What may hold rows of a match, beside the match. */
const MATCH_TABLES = `livescore_journal livescore_announced livescore_dead_letter livescore_foreign_write livescore_pin
  livescore_shadow livescore_shadow_goal livescore_withdrawn_incident livescore_settlement livescore_settlement_match
  ai_predictions`.split(/\s+/);
const QUIET_MS = 1_000;
const MOST_WAIT_MS = 15_000;

/** Deletes the matches of a replay with their teams and competition, their journal, announcements and letters. */
export async function removeRun(client: Client, run: string): Promise<{ matches: number; rows: number }> {
  const competition = `${run}c00000`;
  const found = await client.query<{ id: string }>(
    'SELECT external_id AS id FROM ts_matches WHERE competition_id = $1',
    [competition],
  );
  const ids = found.rows.map(({ id }) => id).filter((id) => id.startsWith(`${run}m`));
  const tables = await present(client, MATCH_TABLES);
  if (tables.includes('livescore_journal')) await untilQuiet(client, ids);
  await client.query('BEGIN');
  try {
    let rows = 0;
    for (const table of tables) rows += await deleted(client, `DELETE FROM ${table} WHERE match_id = ANY ($1)`, ids);
    const matches = await deleted(client, 'DELETE FROM ts_matches WHERE external_id = ANY ($1)', ids);
    rows += await deleted(client, 'DELETE FROM ts_teams WHERE competition_id = $1', competition);
    rows += await deleted(client, 'DELETE FROM ts_competitions WHERE external_id = $1', competition);
    await client.query('COMMIT');
    return { matches, rows };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** A host may still write what it was sent last. */
async function untilQuiet(client: Client, ids: readonly string[]): Promise<void> {
  const deadline = REAL_TIME.monotonicMs() + MOST_WAIT_MS;
  let [before, now] = [-1, await changes(client, ids)];
  while (before !== now && REAL_TIME.monotonicMs() < deadline) {
    await pause(QUIET_MS, REAL_TIME);
    [before, now] = [now, await changes(client, ids)];
  }
}

async function changes(client: Client, ids: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ changes: number }>(
    'SELECT count(*)::float8 AS changes FROM livescore_journal WHERE match_id = ANY ($1)',
    [ids],
  );
  return rows[0]?.changes ?? 0;
}

async function deleted(client: Client, text: string, value: unknown): Promise<number> {
  return (await client.query(text, [value])).rowCount ?? 0;
}

async function present(client: Client, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT t.name FROM unnest($1::text[]) AS t (name) WHERE to_regclass(t.name) IS NOT NULL',
    [tables],
  );
  return rows.map(({ name }) => name);
}
