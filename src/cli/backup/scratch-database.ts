import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CommandError } from '../cli.errors.js';
import { type LongClient, openLong, untilAborted } from './long-client.js';
import { archiveOf, type Manifest } from './manifest.js';
import { runTool, type ToolCall } from './postgres-tools.js';
import { countSql, quoted, tableName } from './sql-names.js';

/** What goes into a scratch database, and how it is reached. */
export interface CheckCall extends ToolCall {
  readonly url: string;
  readonly encoding: string;
  /** hears what is read back */
  readonly tell: (what: string) => void;
}

/**
 * Reads a backup back into a database of its own beside the platform's, compares every table with the manifest, and drops it.
 * @throws CommandError naming the tables that came back otherwise
 */
export async function checkBackup(
  path: string,
  manifest: Manifest,
  client: LongClient,
  call: CheckCall,
): Promise<void> {
  const name = `livescore_check_${randomBytes(6).toString('hex')}`;
  await client.run(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${call.encoding}'`);
  try {
    const url = Object.assign(new URL(call.url), { pathname: `/${name}` }).href;
    await prepare(url, manifest);
    for (const archive of new Set(manifest.tables.map(archiveOf))) {
      call.tell(archive);
      await runTool('pg_restore', readBack(name, join(path, archive)), call);
    }
    await compare(url, manifest, call.signal);
  } finally {
    await client.run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

/** Without keys and indexes: rows alone are looked at. */
const readBack = (name: string, archive: string): readonly string[] => [
  ...['--exit-on-error', '--no-owner', '--no-acl', '--section=pre-data', '--section=data'],
  ...[`--dbname=${name}`, archive],
];

async function prepare(url: string, { schema, extensions, functions }: Manifest): Promise<void> {
  const client = await openLong(url);
  try {
    for (const name of new Set([schema, ...extensions.map((extension) => extension.schema)])) {
      await client.run(`CREATE SCHEMA IF NOT EXISTS ${quoted(name)}`);
    }
    for (const extension of extensions) {
      await client.run(`CREATE EXTENSION IF NOT EXISTS ${quoted(extension.name)} SCHEMA ${quoted(extension.schema)}`);
    }
    await client.run('SET check_function_bodies = off');
    // Triggers are not made here, and theirs may stand in a schema or language that is not: pg_restore names what a default lacks.
    for (const { definition } of functions) await client.run(definition).catch(() => {});
  } finally {
    await client.end();
  }
}

async function compare(url: string, manifest: Manifest, signal: AbortSignal): Promise<void> {
  const client = await openLong(url);
  try {
    const wrong = await untilAborted(client, signal, () => different(client, manifest));
    if (wrong.length > 0) throw new DifferentBackupError(wrong);
  } finally {
    await client.end();
  }
}

async function different(client: LongClient, { schema, tables }: Manifest): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { name, columns, rows, checksum } of tables) {
    const [found] = await client.query<{ rows: string; checksum: string }>(
      countSql(`ONLY ${tableName(schema, name)}`, columns),
    );
    if (found?.rows === String(rows) && found.checksum === checksum) continue;
    wrong.push(`${name} (${rows} rows, ${found?.rows ?? 'none'} came back)`);
  }
  return wrong;
}

class DifferentBackupError extends CommandError {
  constructor(wrong: readonly string[]) {
    super(
      'LIVESCORE_BACKUP_DIFFERS',
      `what was read back is not what was written: ${wrong.join(', ')}; nothing was kept`,
    );
  }
}
