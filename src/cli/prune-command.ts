import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { PgRetentionStore } from '../retention/adapters/pg/pg-retention-store.js';
import { resolveRetentionOptions } from '../retention/retention.options.js';
import { readArguments, readInteger } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput } from './command.js';
import { type NeededTables, withDatabase } from './platform-database.js';
import { jsonLine } from './printing.js';
import { type Pruned, pruneAll } from './prune/prune-all.js';
import { prunedText } from './prune/prune-text.js';
import { confirm, readTarget } from './target.js';

const PRUNE_HELP = `livescore prune [--dry-run] [options]

Shows how much every table of this package holds and how old its oldest row is, and deletes what is older than it has to be
kept: what the hosts do by themselves, bit by bit. What is not settled, played or asked for stays, however old.

  --dry-run            only count, at least: what goes once the journal of its match is gone is counted when it goes
  --journal-days N     of a match that is over: journal, announcements and progress of the settlement; default 180
  --verdicts-days N    revisions of verdicts; default 730
  --letters-days N     dead letters, 0 or from 8; default 30
  --decisions-days N   decisions of the automatic rollout, and comparisons in shadow; default 90
  --sync-days N        what the sync noted of single rows, 0 or from 8; default 90
  --yes                the database is the right one: do not ask for its name
  --json               print the answer as JSON

Days are from 1 to 3650, 0 is for ever. The options of a host (retention.…Days) are not known here: give those that it sets,
or more than it needs goes.

Examples:
  livescore prune --dry-run
  livescore prune --journal-days 365 --yes

It needs SELECT and DELETE on the livescore_ tables and SELECT on ts_matches; --dry-run needs SELECT alone.
The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 1 some could not be deleted, 2 it could not be done.`;

const DAYS = {
  'journal-days': 'journalDays',
  'verdicts-days': 'verdictsDays',
  'letters-days': 'lettersDays',
  'decisions-days': 'decisionsDays',
  'sync-days': 'syncDays',
} as const;

const OPTIONS = {
  'dry-run': { type: 'boolean' },
  'journal-days': { type: 'string' },
  'verdicts-days': { type: 'string' },
  'letters-days': { type: 'string' },
  'decisions-days': { type: 'string' },
  'sync-days': { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;
type Given = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

const TABLES: NeededTables = {
  code: 'LIVESCORE_NO_TABLES',
  lack: 'the database lacks tables of the package',
};

/** `livescore prune`. */
export const pruneCommand: Command = {
  help: PRUNE_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('prune', argv, OPTIONS);
    if (positionals.length > 0) throw new UsageError(`unexpected "${positionals[0]}"`, 'prune');
    const options = resolveRetentionOptions(readDays(values));
    return withDatabase(env, TABLES, async (client) => {
      const store = new PgRetentionStore(new ClientDatabase(client));
      const call = { store, options, tell: output.progress ?? (() => {}) };
      const found = await pruneAll({ ...call, deletes: false });
      if (values['dry-run'] || found.rows === 0) return print(found, values, output);
      const target = await readTarget(client, env.DATABASE_URL ?? '');
      const words = `This deletes at least ${found.rows} rows that are older than they have to be kept.`;
      output.progress?.(null);
      await confirm(target, { words, agreed: values.yes ?? false }, output);
      return print(await pruneAll({ ...call, deletes: true }), values, output);
    });
  },
};

function readDays(values: Given): Readonly<Record<string, number>> {
  const given = Object.entries(DAYS).flatMap(([option, name]) => {
    const text = values[option as keyof typeof DAYS];
    return text === undefined ? [] : [[name, readInteger(option, text, 0, 3_650)] as const];
  });
  return Object.fromEntries(given);
}

function print(pruned: Pruned, values: Given, output: CommandOutput): number {
  output.progress?.(null);
  output.stdout(values.json ? jsonLine(pruned) : prunedText(pruned));
  return Object.keys(pruned.failed).length > 0 ? 1 : 0;
}
