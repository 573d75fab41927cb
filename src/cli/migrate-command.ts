import type { Client } from 'pg';
import { livescoreMigrationStatus, revertLivescoreMigration, runLivescoreMigrations } from '../../migrations/index.js';
import { openDatabase } from '../../migrations/open-database.js';
import { NEEDED_TABLES } from '../postgres/needed-tables.js';
import { readArguments } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { type Connecting, withConnection, withDatabase } from './platform-database.js';
import { confirm, readTarget, refuseBesideHost, rowsOf } from './target.js';

const MIGRATE_HELP = `livescore migrate [run]         run the pending migrations
livescore migrate revert [--all] take back the newest migration, or all: their tables and columns are dropped
  --yes     the database is the right one: do not ask for its name
  --force   although a host takes the feed into it
livescore migrate status         show which ran; exit code 1 when some are pending

Examples:
  livescore migrate
  livescore migrate status
  livescore migrate revert --all --yes

It needs the owner of ts_matches with CREATE on its schema; status needs SELECT on livescore_migrations.
The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 1 some are pending, 2 it could not be done.`;

type Database = Awaited<ReturnType<typeof openDatabase>>;
type Print = (line: string) => void;
type Action = 'run' | 'revert' | 'status';

const ACTIONS: readonly Action[] = ['run', 'revert', 'status'];
const OPTIONS = { all: { type: 'boolean' }, yes: { type: 'boolean' }, force: { type: 'boolean' } } as const;
const DATA_SOURCE: Connecting<Database> = { open: openDatabase, close: (dataSource) => dataSource.destroy() };

/** `livescore migrate`. */
export const migrateCommand: Command = {
  help: MIGRATE_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('migrate', argv, OPTIONS);
    const action = actionOf(positionals);
    const [foreign] = action === 'revert' ? [] : Object.keys(values);
    if (foreign !== undefined) throw new UsageError(`--${foreign} belongs to revert`, 'migrate');
    if (action === 'revert') return revert(env, output, values);
    return withConnection(env, DATA_SOURCE, null, (dataSource) => ON_PENDING[action](dataSource, output.stdout));
  },
};

function actionOf([name = 'run', ...rest]: readonly string[]): Action {
  const action = ACTIONS.find((known) => known === name);
  if (action && rest.length === 0) return action;
  throw new UsageError('say what to do: run, revert or status', 'migrate');
}

const ON_PENDING = {
  run: async (dataSource: Database, print: Print): Promise<number> => {
    const ran = await runLivescoreMigrations(dataSource);
    for (const name of ran) print(`ran ${name}`);
    if (ran.length === 0) print('nothing to run');
    return 0;
  },
  status: async (dataSource: Database, print: Print): Promise<number> => {
    const migrations = await livescoreMigrationStatus(dataSource);
    for (const { name, ran } of migrations) print(`${ran ? 'ran    ' : 'pending'} ${name}`);
    return migrations.every(({ ran }) => ran) ? 0 : 1;
  },
};

interface RevertOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
}

async function revert(env: Environment, output: CommandOutput, options: RevertOptions): Promise<number> {
  return withConnection(env, DATA_SOURCE, null, async (dataSource) => {
    const ran = (await livescoreMigrationStatus(dataSource)).filter((migration) => migration.ran);
    const newest = ran.at(-1)?.name;
    if (newest === undefined) {
      output.stdout('nothing to revert');
      return 0;
    }
    const what = options.all ? `all ${ran.length} migrations` : newest;
    await agree(what, env, output, options);
    let reverted = await revertLivescoreMigration(dataSource);
    while (reverted !== null) {
      output.stdout(`reverted ${reverted}`);
      reverted = options.all ? await revertLivescoreMigration(dataSource) : null;
    }
    return 0;
  });
}

const OWN_TABLES = { code: 'LIVESCORE_NO_TABLES', lack: 'the database lacks tables of the package' };

function agree(what: string, env: Environment, output: CommandOutput, { yes, force }: RevertOptions): Promise<void> {
  return withDatabase(env, OWN_TABLES, async (client) => {
    const target = await readTarget(client, env.DATABASE_URL ?? '');
    refuseBesideHost(target, force === true);
    const words = `This takes back ${what} and drops what they made. It holds ${await contents(client)}.`;
    await confirm(target, { words, agreed: yes === true }, output);
  });
}

/** Rows in the tables of the package, those of the platform left out. */
async function contents(client: Client): Promise<string> {
  const counts: string[] = [];
  for (const { name } of NEEDED_TABLES.filter((table) => table.name.startsWith('livescore_'))) {
    const [count] = await rowsOf<{ rows: string }>(client, `SELECT count(*)::text AS rows FROM ${name}`);
    if (count && count.rows !== '0') counts.push(`${name} ${count.rows} rows`);
  }
  return counts.length === 0 ? 'no rows of ours' : counts.join(', ');
}
