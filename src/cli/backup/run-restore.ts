import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import { CommandError } from '../cli.errors.js';
import { CopiedRows } from './copied-rows.js';
import { archiveOf, type KeptTable, type Manifest } from './manifest.js';
import { InterruptedError, type RunningTool, startTool, type ToolCall } from './postgres-tools.js';
import type { Progress } from './progress.js';
import {
  closingScript,
  copyInto,
  mergeScript,
  openingScript,
  type RestoreTarget,
  stagingScript,
} from './restore-script.js';

export interface RestoreCall extends ToolCall {
  readonly path: string;
  /** tables belong to the role that restores, and nobody else is granted anything */
  readonly withoutOwners: boolean;
}

/** What the transaction told, by name: two numbers each. */
export type RestoreResults = Readonly<Record<string, readonly [first: number, second: number]>>;

/**
 * Restores a backup in one transaction of psql, fed by pg_restore. Whatever fails, in whichever of the two, ends without its
 * COMMIT.
 * @throws CommandError
 */
export async function runRestore(
  manifest: Manifest,
  target: RestoreTarget,
  call: RestoreCall,
  progress: Progress,
): Promise<RestoreResults> {
  const psql = startTool('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-f', '-'], call);
  const told = results(psql);
  let isClosing = false;
  try {
    progress.begin('taking the place of what is there');
    await say(psql, openingScript(manifest, target));
    for (const [archive, tables] of byArchive(manifest)) {
      progress.begin(`reading ${archive}`);
      const [table] = tables;
      if (table && target.merged.includes(table)) await mergeRows(table, target, psql, call);
      else await wholeArchive(archive, psql, call);
    }
    progress.begin('comparing with the manifest');
    isClosing = true;
    await say(psql, closingScript(manifest, target));
    psql.stdin.end();
    await psql.done;
  } catch (cause) {
    psql.stdin.destroy();
    throw await failureOf(cause, psql, call, isClosing);
  }
  return committed(await told);
}

function byArchive({ tables }: Manifest): ReadonlyMap<string, readonly KeptTable[]> {
  const archives = new Map<string, KeptTable[]>();
  // What others refer to comes first: ts_matches, then ai_predictions, then the tables of the package.
  for (const table of tables.toSorted((a, b) => b.of.localeCompare(a.of) || b.name.localeCompare(a.name))) {
    archives.set(archiveOf(table), [...(archives.get(archiveOf(table)) ?? []), table]);
  }
  return archives;
}

function say({ stdin }: RunningTool, text: string): Promise<void> {
  return new Promise((resolve, reject) => stdin.write(text, (error) => (error ? reject(error) : resolve())));
}

async function mergeRows(table: KeptTable, target: RestoreTarget, psql: RunningTool, call: RestoreCall) {
  await say(psql, stagingScript(target.schema, table));
  const args = ['--data-only', '--file=-', join(call.path, archiveOf(table))];
  const archive = startTool('pg_restore', args, call);
  archive.stdin.end();
  await pipeline(archive.stdout, new CopiedRows(copyInto(table)), psql.stdin, { end: false });
  await archive.done;
  await say(psql, mergeScript(target, table));
}

async function wholeArchive(name: string, psql: RunningTool, call: RestoreCall): Promise<void> {
  const owners = call.withoutOwners ? ['--no-owner', '--no-acl'] : [];
  const archive = startTool('pg_restore', [...owners, '--file=-', join(call.path, name)], call);
  archive.stdin.end();
  await pipeline(archive.stdout, psql.stdin, { end: false });
  await archive.done;
}

const MOST_TOLD = 1_048_576;

/** Lines like `result|ts_matches|12|3`; other statements answer, too. */
async function results({ stdout }: RunningTool): Promise<RestoreResults> {
  let text = '';
  for await (const chunk of stdout.setEncoding('utf8')) text = (text + chunk).slice(-MOST_TOLD);
  const lines = text.matchAll(/^result\|(\w+)\|(\d+)\|(\d+)$/gm);
  return Object.fromEntries([...lines].map(([, name, first, second]) => [name, [Number(first), Number(second)]]));
}

function committed(told: RestoreResults): RestoreResults {
  if (told.committed) return told;
  throw new CommandError('LIVESCORE_CANNOT_RESTORE', 'psql ended without its COMMIT: nothing was changed');
}

/** What psql said comes first: an archive that nobody takes any more is no reason. */
async function failureOf(
  cause: unknown,
  psql: RunningTool,
  { signal }: ToolCall,
  isClosing: boolean,
): Promise<unknown> {
  const said = await psql.done.then(
    () => null,
    (error: unknown) => error,
  );
  if (signal.aborted) return new InterruptedError(isClosing ? COMMIT_UNKNOWN : 'nothing was changed');
  if (said !== null) return said;
  return cause instanceof CommandError ? cause : brokenOff(cause);
}

const COMMIT_UNKNOWN = 'the COMMIT may have been done: ask livescore verify, or restore once more, which does no harm';

function brokenOff(cause: unknown): CommandError {
  const message = `the backup cannot be read (${reasonOf(cause)}): nothing was changed`;
  return new CommandError('LIVESCORE_CANNOT_RESTORE', message, {}, { cause });
}
