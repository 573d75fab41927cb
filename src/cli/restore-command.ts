import { resolve } from 'node:path';
import { PgHostRows } from '../lease/adapters/pg/pg-host-rows.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { lacksRight, lacksSchema } from '../postgres/sql-state.js';
import { readArguments } from './arguments.js';
import { interruptible } from './backup/interruptible.js';
import { openLong } from './backup/long-client.js';
import { type Manifest, readManifest } from './backup/manifest.js';
import { refuseAborted, runTool, toolVersion } from './backup/postgres-tools.js';
import { Progress } from './backup/progress.js';
import { planRestore, type RestorePlan } from './backup/restore-plan.js';
import { type RestoreResults, runRestore } from './backup/run-restore.js';
import { readServer } from './backup/server-facts.js';
import { toolEnvironment } from './backup/tool-environment.js';
import { refuseNewTool, refuseOldReader } from './backup/tool-versions.js';
import { CommandError, UsageError } from './cli.errors.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { withDatabase } from './platform-database.js';
import { jsonLine, line, textTable } from './printing.js';
import { confirm, readTarget, refuseBesideHost, type Target } from './target.js';

const RESTORE_HELP = `livescore restore PATH [options]

Brings back what livescore backup kept in PATH, in one transaction: all or nothing. Tables of this package are dropped and
made anew. ts_matches and ai_predictions are made anew where they are missing; where they are there, rows of the backup are
written over, and rows that came since stay. What came back is compared with the manifest before the COMMIT.

Clients may know versions that were committed after the backup. So the history of every match that may have been played since
starts a new epoch: clients that come back take the restored state, and no version is told twice with another content.
Everything since the backup is lost: to take back what the direct path wrote, livescore revert is the better way.

  --no-owner   tables belong to the role that restores, and nobody is granted anything; else to whom they did, with their grants
  --yes        the database is the right one: do not ask for its name
  --force      although a host runs on it
  --json       print the answer as JSON

Examples:
  livescore restore /var/backups/livescore-2026-05-01
  livescore restore ./before-deploy --yes --json

It needs the client tools of PostgreSQL (psql, pg_restore), not older than the pg_dump of the backup, and below 17 where the
server is; and the owner of the tables with CREATE on their schema. The hosts
are stopped first. The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 2 it could not be done; nothing was changed, unless it says that the COMMIT may have been done.`;

const OPTIONS = {
  'no-owner': { type: 'boolean' },
  yes: { type: 'boolean' },
  force: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;
type Given = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** `livescore restore`. */
export const restoreCommand: Command = {
  help: RESTORE_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('restore', argv, OPTIONS);
    const [path, ...others] = positionals;
    if (path === undefined || path.trim() === '' || others.length > 0) {
      throw new UsageError('say what: livescore restore PATH', 'restore');
    }
    const url = env.DATABASE_URL;
    if (!url) throw new UsageError('DATABASE_URL is not set: name the platform database in it');
    const manifest = readManifest(resolve(path));
    const restoring = { path: resolve(path), manifest, url, env, given: values };
    const { plan, told, seconds } = await interruptible((signal) => restore({ ...restoring, signal }, output));
    output.stdout(values.json ? jsonOf(manifest, plan, told, seconds) : textOf(manifest, plan, told, seconds));
    return 0;
  },
};

interface Restoring {
  readonly path: string;
  readonly manifest: Manifest;
  readonly url: string;
  readonly env: Environment;
  readonly given: Given;
  readonly signal: AbortSignal;
}

async function restore(restoring: Restoring, output: CommandOutput) {
  const { path, manifest, url, env, given, signal } = restoring;
  const call = { env: toolEnvironment(url, env), signal };
  await toolVersion('psql', call);
  const tool = await toolVersion('pg_restore', call);
  refuseOldReader(tool, manifest.tool);
  await runTool('pg_restore', ['--list', `${path}/ts_matches.dump`], call);
  const target = await targetOf(env, url, given.force ?? false);
  const plan = await planned(restoring, tool);
  await confirm(target, { words: plan.words, agreed: given.yes ?? false }, output);
  refuseAborted(signal);
  // What it took is without the time that the answer took.
  const progress = new Progress(output);
  try {
    const running = { ...call, path, withoutOwners: given['no-owner'] ?? false };
    const told = await runRestore(manifest, plan.target, running, progress);
    return { plan, told, seconds: Number(progress.seconds.toFixed(1)) };
  } finally {
    progress.end();
  }
}

/** Also a host that stands by keeps states in memory: it is stopped, too. */
function targetOf(env: Environment, url: string, forced: boolean): Promise<Target> {
  return withDatabase(env, { code: 'LIVESCORE_NO_TABLES', lack: 'tables are missing' }, async (client) => {
    const target = await readTarget(client, url);
    refuseBesideHost(target, forced);
    const hosts = await new PgHostRows(new ClientDatabase(client)).list().catch((error: unknown) => {
      if (lacksSchema(error) || lacksRight(error)) return [];
      throw error;
    });
    const [host] = hosts;
    if (!host || forced) return target;
    throw new CommandError(
      'LIVESCORE_HOST_RUNS',
      `${hosts.length} hosts gave a sign of life within a minute (${host.host}, ${Math.round(host.ageMs / 1000)} s ago): stop them first, wait a minute if they were killed, or add --force; nothing was changed`,
    );
  });
}

async function planned({ manifest, url, given }: Restoring, tool: string): Promise<RestorePlan> {
  const client = await openLong(url);
  try {
    const server = await readServer(client);
    refuseNewTool('pg_restore', tool, server);
    return await planRestore(manifest, client, server, given.force ?? false);
  } finally {
    await client.end();
  }
}

function jsonOf(manifest: Manifest, plan: RestorePlan, told: RestoreResults, seconds: number): string {
  const { madeAt, tables, referencedBy } = manifest;
  return jsonLine({
    madeAt,
    seconds,
    tables: tables.map(({ name, rows }) => ({ name, rows })),
    created: plan.created,
    written: Object.fromEntries(plan.target.merged.map(({ name }) => [name, told[name]?.[0] ?? 0])),
    cameSince: Object.fromEntries(plan.target.merged.map(({ name }) => [name, told[name]?.[1] ?? 0])),
    newEpochs: told.epochs?.[0] ?? 0,
    referencedBy: isMade(plan) ? referencedBy : [],
  });
}

const isMade = ({ created }: RestorePlan): boolean => created.includes('ts_matches');

function textOf(manifest: Manifest, plan: RestorePlan, told: RestoreResults, seconds: number): string {
  const filled = manifest.tables.filter(({ rows }) => rows > 0).map(({ name, rows }) => [name, String(rows)]);
  return [
    textTable(['table', 'rows'], filled),
    '',
    line('backup of', manifest.madeAt),
    line('took', `${seconds.toFixed(1)} s`),
    line('compared', 'every table has the rows of the backup'),
    ...plan.target.merged.map(({ name }) => {
      const [written = 0, since = 0] = told[name] ?? [];
      return line(name, `${written} rows written, ${since} that came since stay`);
    }),
    line('new epochs', `${told.epochs?.[0] ?? 0} matches that may have been played since`),
    line('stage', manifest.stage === null ? 'nobody had set one: legacy' : manifest.stage.stage),
    ...(isMade(plan) && manifest.referencedBy.length > 0 ? ['', REFERENCES, ...manifest.referencedBy] : []),
  ].join('\n');
}

const REFERENCES = 'Other tables referred to what was made anew. Where they are there, make their keys again:';
