import { join } from 'node:path';
import type { Environment } from '../command.js';
import { packageVersion } from '../version.js';
import type { LongClient } from './long-client.js';
import { archiveOf, type KeptTable, type Manifest } from './manifest.js';
import { runTool, type ToolCall } from './postgres-tools.js';
import { processList } from './process-list.js';
import type { Progress } from './progress.js';
import type { ServerFacts } from './server-facts.js';
import { countSql, quoted, tableName } from './sql-names.js';
import {
  type CatalogTable,
  findExtensions,
  findFunctions,
  findMigrations,
  findReferences,
  findSchema,
  findTables,
  refuseUnreadable,
} from './table-catalog.js';
import { variableNames } from './variable-names.js';

/** What archives are written of, and where to. */
export interface Writing {
  readonly server: ServerFacts;
  readonly tool: string;
  /** the directory that becomes the backup */
  readonly partial: string;
  readonly call: ToolCall;
  readonly env: Environment;
  readonly progress: Progress;
}

interface Found {
  readonly schema: string;
  readonly tables: readonly CatalogTable[];
}

/** The keys of hosts that run open their guarded answers; the next ones make up their own. */
const WITHOUT_ROWS = 'livescore_host';

/** Archives and checksums are of one snapshot, however many write meanwhile. @throws CommandError */
export async function writeArchives(client: LongClient, writing: Writing): Promise<Manifest> {
  const { server, tool, env, progress } = writing;
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const found = await findAll(client, progress);
    // The clock of the database, as that of its rows; what is committed from here on is not kept.
    const [snapshot] = await client.query<{ id: string; at: Date }>('SELECT pg_export_snapshot() AS id, now() AS at');
    if (!snapshot) throw new Error('the database exported no snapshot');
    const tables = await dumpedAndCounted(client, found, snapshot.id, writing);
    return {
      format: 1,
      madeAt: snapshot.at.toISOString(),
      version: packageVersion(),
      database: server.database,
      schema: found.schema,
      server: server.version,
      tool,
      ...(await factsOf(client, found)),
      tables,
      processes: await processList(env),
      environment: variableNames(env),
      checkedAt: null,
    };
  } finally {
    await client.query('COMMIT').catch(() => {});
  }
}

async function findAll(client: LongClient, progress: Progress): Promise<Found> {
  const schema = await findSchema(client);
  const tables = await findTables(client, schema);
  refuseUnreadable(tables, schema);
  const bytes = tables.reduce((all, table) => all + table.bytes, 0);
  progress.begin(`reading ${tables.length} tables, ${(bytes / 1_048_576).toFixed(1)} MiB in the database`);
  return { schema, tables };
}

async function factsOf(client: LongClient, { schema, tables }: Found) {
  return {
    migrations: await findMigrations(client, schema, tables),
    stage: await stageOf(client, schema, tables),
    functions: await findFunctions(client, schema, tables),
    extensions: await findExtensions(client, tables),
    referencedBy: await findReferences(client, tables),
  };
}

/** Whichever of the two fails, the other one ends: no pg_dump writes on behind a command that is over. */
async function dumpedAndCounted(client: LongClient, found: Found, snapshot: string, writing: Writing) {
  const over = new AbortController();
  const signal = AbortSignal.any([writing.call.signal, over.signal]);
  const dumped = dump(found, snapshot, { ...writing, call: { ...writing.call, signal } });
  dumped.catch(() => over.abort());
  const tables: KeptTable[] = [];
  try {
    for (const table of found.tables) {
      if (signal.aborted) break;
      tables.push(await counted(client, found.schema, table));
    }
    await dumped;
    return tables;
  } finally {
    over.abort();
    await dumped.catch(() => {});
  }
}

async function dump({ schema, tables }: Found, snapshot: string, { partial, call, progress }: Writing): Promise<void> {
  const ofPackage = tables.filter(({ of }) => of === 'package');
  const groups = [ofPackage, ...tables.filter(({ of }) => of === 'platform').map((table) => [table])];
  for (const group of groups) {
    const [first] = group;
    if (!first) continue;
    const args = [
      ...['--format=custom', '--verbose', '--lock-wait-timeout=10s', `--snapshot=${snapshot}`],
      `--file=${join(partial, archiveOf(first))}`,
      ...group.map(({ name }) => `--table=${tableName(schema, name)}`),
      `--exclude-table-data=${quoted(schema)}.${quoted(WITHOUT_ROWS)}`,
    ];
    await runTool('pg_dump', args, { ...call, onLine: (line) => tellOf(line, progress) });
  }
}

function tellOf(line: string, progress: Progress): void {
  const [, table] = /dumping contents of table "(.*)"/.exec(line) ?? [];
  if (table !== undefined) progress.tell(table);
}

async function counted(client: LongClient, schema: string, table: CatalogTable): Promise<KeptTable> {
  const { name, of, columns, primaryKey } = table;
  if (name === WITHOUT_ROWS) return { name, of, columns, primaryKey, rows: 0, checksum: '0' };
  const [found] = await client.query<{ rows: string; checksum: string }>(
    countSql(`ONLY ${tableName(schema, name)}`, columns),
  );
  return { name, of, columns, primaryKey, rows: Number(found?.rows), checksum: found?.checksum ?? '' };
}

async function stageOf(
  client: LongClient,
  schema: string,
  tables: readonly CatalogTable[],
): Promise<Manifest['stage']> {
  if (!tables.some(({ name }) => name === 'livescore_rollout')) return null;
  const [newest] = await client.query<{ stage: string; percent: number; reason: string }>(
    `SELECT stage, percent::integer AS percent, reason FROM ${tableName(schema, 'livescore_rollout')} ORDER BY id DESC LIMIT 1`,
  );
  return newest ?? null;
}
