import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import { CommandError } from '../cli.errors.js';
import type { Environment } from '../command.js';
import { type LongClient, openLong, untilAborted } from './long-client.js';
import { archiveOf, MANIFEST, type Manifest } from './manifest.js';
import { refuseAborted, type ToolCall, toolVersion } from './postgres-tools.js';
import type { Progress } from './progress.js';
import { checkBackup } from './scratch-database.js';
import { needCreateDatabase, readServer, type ServerFacts } from './server-facts.js';
import { toolEnvironment } from './tool-environment.js';
import { refuseNewTool, refuseOldTool } from './tool-versions.js';
import { writeArchives } from './write-archives.js';

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
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  try {
    const server = await readServer(client);
    refuseOldTool('pg_dump', tool, server);
    refuseNewTool('pg_dump', tool, server);
    if (request.isChecked) needCreateDatabase(server);
    makeDirectory(partial);
    const writing = { server, tool, partial, call, env, progress };
    const written = await untilAborted(client, signal, () => writeArchives(client, writing));
    const manifest = request.isChecked
      ? await checked(written, partial, client, { server, call, url, progress })
      : written;
    refuseAborted(signal);
    const bytes = keep(manifest, partial, path);
    return { manifest, bytes, seconds: progress.seconds };
  } finally {
    rmSync(partial, { recursive: true, force: true });
    await client.end();
  }
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
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    throw new CommandError('LIVESCORE_CLI_OUTPUT', `cannot write ${path}: ${reasonOf(cause)}`, {}, { cause });
  }
}

/** @returns bytes of the archives */
function keep(manifest: Manifest, partial: string, path: string): number {
  writeFileSync(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  refuseExisting(path);
  renameSync(partial, path);
  const archives = new Set(manifest.tables.map(archiveOf));
  return [...archives].reduce((all, archive) => all + statSync(join(path, archive)).size, 0);
}
