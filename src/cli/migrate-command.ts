import { livescoreMigrationStatus, revertLivescoreMigration, runLivescoreMigrations } from '../../migrations/index.js';
import { openDatabase } from '../../migrations/open-database.js';
import { readArguments } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command } from './command.js';
import { type Connecting, withConnection } from './platform-database.js';

const MIGRATE_HELP = `livescore migrate [run]         run the pending migrations
livescore migrate revert [--all] take back the newest migration, or all: their tables and columns are dropped
livescore migrate status         show which ran; exit code 1 when some are pending

The platform database is DATABASE_URL (postgres://…).`;

type Database = Awaited<ReturnType<typeof openDatabase>>;
type Print = (line: string) => void;
type Action = (dataSource: Database, print: Print, options: { all: boolean }) => Promise<number>;

const ACTIONS: Readonly<Record<string, Action>> = { run, revert, status };
const DATA_SOURCE: Connecting<Database> = { open: openDatabase, close: (dataSource) => dataSource.destroy() };

/** `livescore migrate`. */
export const migrateCommand: Command = {
  help: MIGRATE_HELP,
  run: async (argv, env, { stdout }) => {
    const { values, positionals } = readArguments('migrate', argv, { all: { type: 'boolean' } });
    const action = actionOf(positionals);
    if (values.all && action !== revert) throw new UsageError('--all belongs to revert', 'migrate');
    return withConnection(env, DATA_SOURCE, null, (dataSource) =>
      action(dataSource, stdout, { all: values.all ?? false }),
    );
  },
};

function actionOf([name = 'run', ...rest]: readonly string[]): Action {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action && rest.length === 0) return action;
  throw new UsageError('say what to do: run, revert or status', 'migrate');
}

async function run(dataSource: Database, print: Print): Promise<number> {
  const ran = await runLivescoreMigrations(dataSource);
  for (const name of ran) print(`ran ${name}`);
  if (ran.length === 0) print('nothing to run');
  return 0;
}

async function revert(dataSource: Database, print: Print, { all }: { all: boolean }): Promise<number> {
  let reverted = await revertLivescoreMigration(dataSource);
  if (reverted === null) print('nothing to revert');
  while (reverted !== null) {
    print(`reverted ${reverted}`);
    reverted = all ? await revertLivescoreMigration(dataSource) : null;
  }
  return 0;
}

async function status(dataSource: Database, print: Print): Promise<number> {
  const migrations = await livescoreMigrationStatus(dataSource);
  for (const { name, ran } of migrations) print(`${ran ? 'ran    ' : 'pending'} ${name}`);
  return migrations.every(({ ran }) => ran) ? 0 : 1;
}
