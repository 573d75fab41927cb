import { resolve } from 'node:path';
import { readArguments } from './arguments.js';
import { interruptible } from './backup/interruptible.js';
import { Progress, sizeText } from './backup/progress.js';
import { type TakenBackup, takeBackup } from './backup/take-backup.js';
import { UsageError } from './cli.errors.js';
import type { Command } from './command.js';
import { jsonLine, line, textTable } from './printing.js';

const BACKUP_HELP = `livescore backup PATH [--no-check] [--json]

Keeps the needed tables: ts_matches, every table of this package, and ai_predictions where it is there. PATH becomes a
directory with archives of pg_dump (custom format) and manifest.json: versions, migrations, stage of the rollout, rows and
checksums of each table, what PM2 runs, and names of environment variables, never their values. All is of one moment, while
the hosts run. Then it is read back into a scratch database beside the platform's, compared row by row, and that database is
dropped. What stands under PATH is whole.

  --no-check   do not read it back
  --json       print the answer as JSON

Examples:
  livescore backup /var/backups/livescore-$(date +%F)
  livescore backup ./before-deploy --json

It needs the client tools of PostgreSQL (pg_dump, pg_restore), not older than the server, and below 17
where the server is, SELECT on the tables and their
sequences, and CREATEDB for the check. The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 2 it could not be done, and nothing was kept.`;

const OPTIONS = { 'no-check': { type: 'boolean' }, json: { type: 'boolean' } } as const;

/** `livescore backup`. */
export const backupCommand: Command = {
  help: BACKUP_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('backup', argv, OPTIONS);
    const [path, ...others] = positionals;
    if (path === undefined || path.trim() === '' || others.length > 0) {
      throw new UsageError('say where to keep it: livescore backup PATH', 'backup');
    }
    const url = env.DATABASE_URL;
    if (!url) throw new UsageError('DATABASE_URL is not set: name the platform database in it');
    const progress = new Progress(output);
    try {
      const request = { path: resolve(path), isChecked: !values['no-check'], url, env };
      const taken = await interruptible((signal) => takeBackup({ ...request, signal }, progress));
      output.stdout(values.json ? jsonOf(taken, request.path) : textOf(taken, request.path));
      return 0;
    } finally {
      progress.end();
    }
  },
};

function jsonOf({ manifest, bytes, seconds }: TakenBackup, path: string): string {
  const { functions: _definitions, tables, ...facts } = manifest;
  const shown = tables.map(({ name, rows, checksum }) => ({ name, rows, checksum }));
  return jsonLine({ path, bytes, seconds: Number(seconds.toFixed(1)), ...facts, tables: shown });
}

function textOf({ manifest, bytes, seconds }: TakenBackup, path: string): string {
  const { tables, stage, migrations, processes, checkedAt } = manifest;
  const filled = tables.filter(({ rows }) => rows > 0).map(({ name, rows }) => [name, String(rows)]);
  return [
    textTable(['table', 'rows'], filled),
    '',
    line('kept in', path),
    line('size', `${sizeText(bytes)}, ${tables.length} tables`),
    line('took', `${seconds.toFixed(1)} s`),
    line('read back', checkedAt === null ? 'no: --no-check' : 'yes: every table has the same rows'),
    line('migrations', migrations.length === 0 ? 'none' : `${migrations.length}, the newest ${migrations.at(-1)}`),
    line('stage', stage === null ? 'nobody has set one: legacy' : shownStage(stage)),
    line('processes', processes === null ? 'PM2 does not run' : `${processes.length} of PM2`),
  ].join('\n');
}

function shownStage({ stage, percent }: NonNullable<TakenBackup['manifest']['stage']>): string {
  return stage === 'canary' ? `canary ${percent} %` : stage;
}
