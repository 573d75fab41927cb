import type { Client } from 'pg';
import type { SettlementLimits } from '../domain/settlement/settlement-path.js';
import { FEATURE_MODES, type FeatureMode } from '../kernel/feature-mode.js';
import { printable } from '../kernel/printable.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { PgSettlementDesk } from '../settlement/adapters/pg/pg-settlement-desk.js';
import { OPERATOR_WORDS, type OperatorWord } from '../settlement/ports/settlement-desk.js';
import { resolveSettlementOptions } from '../settlement/settlement.options.js';
import { operator, readArguments, readInteger, readText, readTime, refuseForeign } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { needMatches } from './known-matches.js';
import { type NeededTables, withDatabase } from './platform-database.js';
import { jsonLine, line } from './printing.js';
import { explain } from './settlement/explain.js';
import { explanationText } from './settlement/explain-text.js';
import { redoneText } from './settlement/redo-text.js';
import { reportText } from './settlement/report-text.js';

const SETTLEMENT_HELP = `livescore settlement report [--since TIME]
livescore settlement explain PREDICTION
livescore settlement redo MATCH [--played | --void | --accept] [--reason TEXT] [--by NAME]
livescore settlement --set MODE [--reason TEXT] [--by NAME]

report shows how the predictions of matches stand that were settled since, or wait: verdicts, reversed results, texts that no
market knows, results of others, differences in shadow, matches behind, matches that are played under another id.
explain shows every revision of a prediction with its evidence, and folds the journal of its match once more.
redo makes a match due: the host settles it with its next sweep. Without a word it folds all its versions again.

  --since TIME           a time with its zone, or an age like 90s, 30m, 12h or 7d; default 3d
  --played               the match was played, whatever its statuses say
  --void                 what is undecided is void
  --accept               its newest version counts, though it was held back
  --reason TEXT          why; with a word, or with --set
  --by NAME              who, default the user of this shell; with a word, or with --set
  --confirm-after-ms N   of explain: settlement.confirmAfterMs of the host, where it is not the default
  --void-after-ms N      of explain: settlement.voidAfterMs of the host, where it is not the default
  --json                 print the answer as JSON

With --set the hosts follow within seconds, each up to what its LIVESCORE_SETTLEMENT and options allow:

  off       nobody settles
  shadow    verdicts are worked out, kept beside the predictions, and compared
  on        predictions are settled

Examples:
  livescore settlement report --since 24h
  livescore settlement explain 5f3c1a52-7d0e-4f6b-9a40-0c9e2f6f8f11
  livescore settlement redo l7oqdehg6ko3r51 --void --reason "abandoned, not replayed"

It needs SELECT on livescore_settlement, livescore_journal, ai_predictions and ts_matches; SELECT and UPDATE on
livescore_settlement_match for redo; INSERT and UPDATE on livescore_setting for --set.
The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 1 nothing was found, or differences: in shadow, or of the replay, 2 it could not be done.`;

const OPTIONS = {
  set: { type: 'string' },
  since: { type: 'string' },
  played: { type: 'boolean' },
  void: { type: 'boolean' },
  accept: { type: 'boolean' },
  reason: { type: 'string' },
  by: { type: 'string' },
  'confirm-after-ms': { type: 'string' },
  'void-after-ms': { type: 'string' },
  json: { type: 'boolean' },
} as const;

const OPTIONS_OF = {
  '--set': ['set', 'reason', 'by'],
  report: ['since'],
  explain: ['confirm-after-ms', 'void-after-ms'],
  redo: ['played', 'void', 'accept', 'reason', 'by'],
} as const;
type Action = keyof typeof OPTIONS_OF;
type Given = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

const TABLES: NeededTables = {
  code: 'LIVESCORE_NO_SETTLEMENT',
  lack: 'the database lacks the tables of the settlement',
};

const SET = `
INSERT INTO livescore_setting (name, value, changed_by, reason) VALUES ('settlement_mode', $1, $2, $3)
ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, changed_by = EXCLUDED.changed_by, reason = EXCLUDED.reason,
  changed_at = now()`;

/** `livescore settlement`. */
export const settlementCommand: Command = {
  help: SETTLEMENT_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('settlement', argv, OPTIONS);
    const [action, subject] = readAction(values, positionals);
    refuseForeign('settlement', action, values, OPTIONS_OF);
    if (action === '--set') return setMode(readMode(subject), values, env, output);
    if (action === 'report') return report(values, env, output);
    return action === 'explain'
      ? explainOne(readId(subject), values, env, output)
      : redoOne(subject, readWord(values, env), values, env, output);
  },
};

function readAction(values: Given, positionals: readonly string[]): readonly [action: Action, subject: string] {
  const [action, subject, ...others] = positionals;
  if (values.set !== undefined && action === undefined) return ['--set', values.set];
  if (values.set === undefined && others.length === 0) {
    if (action === 'report' && subject === undefined) return [action, ''];
    if ((action === 'explain' || action === 'redo') && subject !== undefined) return [action, subject];
  }
  throw new UsageError('say what to do: report, explain PREDICTION, redo MATCH, or --set MODE', 'settlement');
}

function readMode(text: string): FeatureMode {
  const mode = FEATURE_MODES.find((known) => known === text);
  if (mode) return mode;
  throw new UsageError(`--set takes one of ${FEATURE_MODES.join(', ')}`, 'settlement');
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function readId(text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  throw new UsageError('explain takes the id of a prediction, a UUID', 'settlement');
}

/** @throws UsageError for two words, and for a reason without one: nobody would note it */
function readWord(values: Given, env: Environment): OperatorWord | null {
  const [says, ...others] = OPERATOR_WORDS.filter((word) => values[word]);
  if (others.length > 0) throw new UsageError(`give one of --${OPERATOR_WORDS.join(', --')}`, 'settlement');
  if (says !== undefined) return { says, by: operator(values.by, env), reason: reasonOf(values) };
  if (values.reason === undefined && values.by === undefined) return null;
  throw new UsageError(`--reason and --by go with one of --${OPERATOR_WORDS.join(', --')}`, 'settlement');
}

function reasonOf({ reason }: Given): string | null {
  return reason === undefined ? null : readText('reason', reason);
}

async function setMode(mode: FeatureMode, values: Given, env: Environment, { stdout }: CommandOutput): Promise<number> {
  const by = operator(values.by, env);
  return withDatabase(env, TABLES, async (client) => {
    await client.query(SET, [mode, by, values.reason ?? null]);
    stdout(values.json ? jsonLine({ mode }) : line('mode', mode));
    return 0;
  });
}

const deskOf = (client: Client) => new PgSettlementDesk(new ClientDatabase(client));

async function report(values: Given, env: Environment, { stdout }: CommandOutput): Promise<number> {
  const since = new Date(readTime('since', values.since ?? '3d', Date.now()));
  const facts = await withDatabase(env, TABLES, (client) => deskOf(client).report(since));
  stdout(values.json ? jsonLine({ since, ...facts }) : reportText(since, facts));
  return facts.shadow.count > 0 ? 1 : 0;
}

async function explainOne(id: string, values: Given, env: Environment, output: CommandOutput): Promise<number> {
  const limits = readLimits(values);
  const explained = await withDatabase(env, TABLES, (client) => explain(client, id, limits));
  if (!explained) {
    output.stderr(`No prediction ${id}`);
    return 1;
  }
  output.stdout(values.json ? jsonLine(explained) : explanationText(explained));
  return typeof explained.replayed === 'object' && !explained.replayed.isSame ? 1 : 0;
}

/** Those of a host that sets none, but for what is given. */
function readLimits(values: Given): SettlementLimits {
  const { confirmAfterMs, voidAfterMs } = resolveSettlementOptions({}, {});
  const read = (option: 'confirm-after-ms' | 'void-after-ms', known: number) =>
    values[option] === undefined ? known : readInteger(option, values[option], 0, 2_592_000_000);
  return {
    confirmAfterMs: read('confirm-after-ms', confirmAfterMs),
    voidAfterMs: read('void-after-ms', voidAfterMs),
  };
}

async function redoOne(
  matchId: string,
  word: OperatorWord | null,
  { json }: Given,
  env: Environment,
  output: CommandOutput,
): Promise<number> {
  const redone = await withDatabase(env, TABLES, async (client) => {
    const done = await deskOf(client).redo(matchId, word);
    if (!done) await needMatches([matchId], client, 'livescore settlement report names matches');
    return done;
  });
  if (!redone) {
    output.stderr(`Match ${printable(matchId)} has no settled predictions: nothing was done`);
    return 1;
  }
  output.stdout(json ? jsonLine(redone) : redoneText(redone));
  return 0;
}
