import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { it } from '@jest/globals';
import { Client } from 'pg';
import { runSql, serverUrl } from './database.js';

/** A backup reads every table twice and starts several processes. */
export const LONG_MS = 180_000;

/** The major version of the tools of PostgreSQL; null where they are not installed. Ones that are broken fail the spec. */
export const TOOLS = majorOfTools();
export const SERVER = await majorOfServer();
const canRun = TOOLS !== null && TOOLS >= SERVER && !(TOOLS >= 17 && SERVER < 17);

/** Skipped where the tools are missing, or older or newer than the server may have them. */
export const itWithTools: typeof it.skip = canRun ? it : it.skip;
export const itWithOldTools: typeof it.skip = TOOLS !== null && TOOLS < SERVER ? it : it.skip;

function majorOfTools(): number | null {
  try {
    const major = Number(/(\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1]);
    if (Number.isInteger(major)) return major;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  throw new Error('pg_dump does not tell its version');
}

async function majorOfServer(): Promise<number> {
  const [facts] = await ask<{ n: number }>(serverUrl(), `SELECT current_setting('server_version_num')::int AS n`);
  return Math.floor((facts?.n ?? 0) / 10_000);
}

export async function ask<Row extends object>(url: string, text: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A PATH on which a tool is a script of the shell; `real` in it stands for the tool itself. */
export function pathWith(folder: string, tool: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const real = execFileSync('which', [tool], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, tool), `#!/bin/sh\n${script.replaceAll('real', real)}\n`);
  chmodSync(join(folder, tool), 0o755);
  return `${folder}${delimiter}${process.env.PATH ?? ''}`;
}

export const scratchDatabases = async (): Promise<readonly string[]> =>
  (
    await ask<{ name: string }>(
      serverUrl(),
      `SELECT datname AS name FROM pg_database WHERE datname LIKE 'livescore_check_%'`,
    )
  ).map(({ name }) => name);

/** Rows of every kind; one of the platform that has no match of the provider yet, in the window of what may move on. */
export const seedBackup = (url: string): Promise<void> =>
  runSql(
    url,
    `INSERT INTO ts_matches (external_id, status_id, match_time, home_scores, away_scores, score_version, note)
       SELECT 'm' || n, 8, 1700000000, '[1,0,0,0,0,0,0]', '[0,0,0,0,0,0,0]', n, E'tab\\t line\\n back\\\\slash . \\\\.'
       FROM generate_series(1, 300) n;
     INSERT INTO ts_matches (external_id, status_id, match_time) VALUES (NULL, 1, extract(epoch FROM now())::bigint);
     INSERT INTO livescore_journal (match_id, epoch, version, source, before, after, committed_at)
       SELECT 'm' || n, 0, n, 'mqtt', '{}', '{"status":8}', now() - interval '30 days' FROM generate_series(1, 300) n;
     INSERT INTO livescore_rollout (stage, percent, allow_matches, deny_matches, allow_competitions, deny_competitions, latched,
       changed_by, reason) VALUES ('canary', 7, '[]', '[]', '[]', '[]', false, 'ada', 'try');
     INSERT INTO livescore_pin (match_id, route, pinned_by) VALUES ('m1', 'direct', 'ada');
     INSERT INTO livescore_dead_letter (reason, topic, payload, received_at) VALUES ('malformed', 't', '\\x00ff0a', now())`,
  );

const TABLES = `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND (c.relname LIKE 'livescore_%' OR c.relname IN ('ts_matches', 'ai_predictions')) ORDER BY 1`;

/** Every row as text, keys and triggers; what a restore changes on purpose left out: the lease. */
export async function contentsOf(url: string) {
  const tables = (await ask<{ name: string }>(url, TABLES)).map(({ name }) => name);
  const rows: Record<string, unknown> = {};
  for (const name of tables.filter((table) => table !== 'livescore_lease')) {
    rows[name] = await ask(url, `SELECT t::text AS row FROM ${name} t ORDER BY 1`);
  }
  const objects = await ask(
    url,
    `SELECT indexdef AS text FROM pg_indexes WHERE schemaname = 'public' UNION ALL
     SELECT tgenabled::text || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal UNION ALL
     SELECT conrelid::regclass || ' ' || conname || CASE WHEN contype = 'c' THEN '' ELSE pg_get_constraintdef(oid) END
     FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1`,
  );
  return { tables, rows, objects };
}

/** Drops the tables of the package, or those of the platform, too. */
export function dropTables(url: string, isAll: boolean): Promise<void> {
  const drop = `DO $$ DECLARE t name; BEGIN FOR t IN SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname LIKE 'livescore\\_%'
    LOOP EXECUTE 'DROP TABLE IF EXISTS ' || t || ' CASCADE'; END LOOP; END $$;`;
  const platform = `DROP TABLE ts_matches CASCADE; DROP TABLE ai_predictions CASCADE;
    DROP FUNCTION public.livescore_foreign_writer() CASCADE`;
  return runSql(url, isAll ? `${drop} ${platform}` : drop);
}
