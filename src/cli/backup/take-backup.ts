import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import { CommandError } from '../cli.errors.js';
import type { Environment } from '../command.js';
import { packageVersion } from '../version.js';
import { type LongClient, openLong } from './long-client.js';
import { archiveOf, type KeptTable, MANIFEST, type Manifest } from './manifest.js';
import { runTool, type ToolCall, toolVersion } from './postgres-tools.js';
import { processList, variableNames } from './process-list.js';
import type { Progress } from './progress.js';
import { checkBackup } from './scratch-database.js';
import { needCreateDatabase, readServer, refuseOldTool, type ServerFacts } from './server-facts.js';
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
import { toolEnvironment } from './tool-environment.js';

export interface BackupRequest {
  /** the directory to make */
  readonly path: string;
  readonly isChecked: boolean;
  readonly url: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
}

export interface TakenBackup {
  readonly manifest: Manifest;
  readonly bytes: number;
  readonly seconds: number;
}

/** The keys of hosts that run open their guarded answers; the next ones make up their own. */
const WITHOUT_ROWS = 'livescore_host';

/**
 * Makes a backup in one snapshot of the database, checks it, and gives it its name: what stands under that name is whole.
 * @throws CommandError @throws UnreachableError
 */
export async function takeBackup(request: BackupRequest, progress: Progress): Promise<TakenBackup> {
  const { path, url, env, signal } = request;
  refuseExisting(path);
  const call: ToolCall = { env: toolEnvironment(url, env), signal };
  const tool = await toolVersion('pg_dump', call);
  if (request.isChecked) await toolVersion('pg_restore', call);
  const client = await openLong(url);
  const partial = `${path}.partial`;
  try {
    const server = await readServer(client);
    refuseOldTool('pg_dump', tool, server);
    if (request.isChecked) needCreateDatabase(server);
    makeDirectory(partial);
    const written = await write(client, { server, tool, partial, call, env, progress });
    const manifest = request.isChecked
      ? await checked(written, partial, client, { server, call, url, progress })
      : written;
    const bytes = keep(manifest, partial, path);
    return { manifest, bytes, seconds: progress.seconds };
  } finally {
    rmSync(partial, { recursive: true, force: true });
    await client.end();
  }
}

interface Writing {
  readonly server: ServerFacts;
  readonly tool: string;
  readonly partial: string;
  readonly call: ToolCall;
  readonly env: Environment;
  readonly progress: Progress;
}

/** Archives and checksums are of one snapshot, however many write meanwhile. */
async function write(client: LongClient, writing: Writing): Promise<Manifest> {
  const { server, tool, env, progress } = writing;
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const schema = await findSchema(client);
    const found = await findTables(client, schema);
    refuseUnreadable(found, schema);
    const bytes = found.reduce((all, table) => all + table.bytes, 0);
    progress.begin(`reading ${found.length} tables, ${(bytes / 1_048_576).toFixed(1)} MiB in the database`);
    const [snapshot] = await client.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
    const dumped = dump(found, schema, snapshot?.id ?? '', writing);
    dumped.catch(() => {});
    const tables: KeptTable[] = [];
    for (const table of found) tables.push(await counted(client, schema, table));
    await dumped;
    return {
      format: 1,
      madeAt: new Date().toISOString(),
      version: packageVersion(),
      database: server.database,
      schema,
      server: server.version,
      tool,
      migrations: await findMigrations(client, schema, found),
      stage: await stageOf(client, schema, found),
      tables,
      functions: await findFunctions(client, schema, found),
      extensions: await findExtensions(client, found),
      referencedBy: await findReferences(client, found),
      processes: await processList(env),
      environment: variableNames(env),
      checkedAt: null,
    };
  } finally {
    await client.query('COMMIT').catch(() => {});
  }
}

async function dump(
  tables: readonly CatalogTable[],
  schema: string,
  snapshot: string,
  { partial, call, progress }: Writing,
): Promise<void> {
  const ofPackage = tables.filter(({ of }) => of === 'package');
  const groups = [ofPackage, ...tables.filter(({ of }) => of === 'platform').map((table) => [table])];
  for (const group of groups.filter((tablesOf) => tablesOf.length > 0)) {
    const file = join(partial, archiveOf(group[0] as unknown as KeptTable));
    const args = [
      ...['--format=custom', '--verbose', '--lock-wait-timeout=10s', `--snapshot=${snapshot}`, `--file=${file}`],
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

interface Checking {
  readonly server: ServerFacts;
  readonly call: ToolCall;
  readonly url: string;
  readonly progress: Progress;
}

async function checked(
  manifest: Manifest,
  partial: string,
  client: LongClient,
  { server: { encoding }, call, url, progress }: Checking,
): Promise<Manifest> {
  progress.begin('reading it back into a scratch database');
  const tell = (what: string) => progress.tell(what);
  await checkBackup(partial, manifest, client, { ...call, url, encoding, tell });
  return { ...manifest, checkedAt: new Date().toISOString() };
}

function refuseExisting(path: string): void {
  if (existsSync(path)) {
    throw new CommandError('LIVESCORE_CLI_OUTPUT', `${path} is there already: name a directory that is to be made`);
  }
}

/** Readable by its owner alone: it holds what the tables hold. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    throw new CommandError('LIVESCORE_CLI_OUTPUT', `cannot write ${path}: ${reasonOf(cause)}`, {}, { cause });
  }
}

/** @returns bytes of the archives */
function keep(manifest: Manifest, partial: string, path: string): number {
  writeFileSync(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, path);
  const archives = new Set(manifest.tables.map(archiveOf));
  return [...archives].reduce((all, archive) => all + statSync(join(path, archive)).size, 0);
}
