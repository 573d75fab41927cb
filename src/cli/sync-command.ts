import type { Client } from 'pg';
import { FEATURE_MODES, type FeatureMode } from '../kernel/feature-mode.js';
import { REAL_TIME } from '../kernel/scheduler.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { PgSyncDesk } from '../sync/adapters/pg/pg-sync-desk.js';
import { entitiesOf } from '../sync/entity/entity-names.js';
import type { SyncOverview, WishKind } from '../sync/ports/sync-desk.js';
import { operator, readArguments, readInteger, readText, refuseForeign } from './arguments.js';
import { CommandError, UsageError } from './cli.errors.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { type NeededTables, withDatabase } from './platform-database.js';
import { jsonLine, line } from './printing.js';
import { isAll, listsAmong, nameMeant } from './sync/entity-name.js';
import { askOnly, runAndFollow } from './sync/run-entities.js';
import { needsAttention, readStatus } from './sync/status.js';
import { statusJson } from './sync/status-json.js';
import { statusText } from './sync/status-text.js';
import { type Author, setEnabled, setMode } from './sync/switches.js';

const SYNC_HELP = `livescore sync status [ENTITY]
livescore sync run ENTITY|all [--full [--accept-deletions]] [--no-wait | --timeout SECONDS] [--reason TEXT] [--by NAME]
livescore sync diff ENTITY|all [--timeout SECONDS] [--by NAME]
livescore sync pause ENTITY|all [--reason TEXT] [--by NAME]
livescore sync resume ENTITY|all [--reason TEXT] [--by NAME]
livescore sync --set MODE [--reason TEXT] [--by NAME]

status shows each entity and job: what runs, how the last run ended, when the last complete one began, what is in the way.
run asks a host to run it now, and follows it to its end. A run that is under way is followed first. Interrupted, the run goes on.
diff does the same, writes nothing, and shows what the provider lists beside what the table holds.
pause stops an entity or a job on all hosts; resume lets it run, also where the options of a host leave it out.
all are the twelve entities for run, the lists among them for diff, and every entity and job for pause and resume.

  --full               everything that the provider lists, not only what changed since the last complete run
  --accept-deletions   this full run may mark more than half of the table as deleted
  --no-wait            asks, and does not follow
  --timeout SECONDS    how long to follow; default 3600
  --reason TEXT        why
  --by NAME            who, default the user of this shell
  --json               print the answer as JSON

With --set the hosts follow within seconds, each up to what its LIVESCORE_SYNC and options allow:

  off       nothing runs
  shadow    nothing is written; differences can be asked for
  on        what is not paused runs

Examples:
  livescore sync status
  livescore sync run teams --full
  livescore sync pause players --reason "the provider is slow"

It needs SELECT on livescore_sync_status and livescore_setting; UPDATE on livescore_sync_status for run and diff; INSERT and
UPDATE on livescore_setting for pause, resume and --set.
The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 1 a run was partial or failed, or stands still, or there are differences, 2 it could not be done.`;

const OPTIONS = {
  set: { type: 'string' },
  full: { type: 'boolean' },
  'accept-deletions': { type: 'boolean' },
  'no-wait': { type: 'boolean' },
  timeout: { type: 'string' },
  reason: { type: 'string' },
  by: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const OPTIONS_OF = {
  '--set': ['set', 'reason', 'by'],
  status: [],
  run: ['full', 'accept-deletions', 'no-wait', 'timeout', 'reason', 'by'],
  diff: ['timeout', 'by'],
  pause: ['reason', 'by'],
  resume: ['reason', 'by'],
} as const;
type Action = keyof typeof OPTIONS_OF;
type Given = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

const TABLES: NeededTables = { code: 'LIVESCORE_NO_SYNC', lack: 'the database lacks the tables of the sync' };

const DEFAULT_TIMEOUT_S = '3600';
const LONGEST_S = 86_400;

/** `livescore sync`. */
export const syncCommand: Command = {
  help: SYNC_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('sync', argv, OPTIONS);
    const [action, subject] = readAction(values, positionals);
    refuseForeign('sync', action, values, OPTIONS_OF);
    if (action === '--set') return set(readMode(subject), readAuthor(values, env), values, env, output);
    if (action === 'status') return status(subject, values, env, output);
    return action === 'run' || action === 'diff'
      ? runNow(action, subject, values, env, output)
      : enable(action, subject, values, env, output);
  },
};

function readAction(values: Given, positionals: readonly string[]): readonly [action: Action, subject: string] {
  const [action, subject, ...others] = positionals;
  if (values.set !== undefined && action === undefined) return ['--set', values.set];
  if (values.set === undefined && others.length === 0) {
    if (action === 'status') return [action, subject ?? 'all'];
    const known = (['run', 'diff', 'pause', 'resume'] as const).find((name) => name === action);
    if (known && subject !== undefined) return [known, subject];
  }
  const message = 'say what to do: status, run ENTITY, diff ENTITY, pause ENTITY, resume ENTITY, or --set MODE';
  throw new UsageError(message, 'sync');
}

function readMode(text: string): FeatureMode {
  const mode = FEATURE_MODES.find((known) => known === text);
  if (mode) return mode;
  throw new UsageError(`--set takes one of ${FEATURE_MODES.join(', ')}`, 'sync');
}

function readAuthor({ by, reason }: Given, env: Environment): Author {
  return { by: operator(by, env), reason: reason === undefined ? null : readText('reason', reason) };
}

async function set(
  mode: FeatureMode,
  author: Author,
  { json }: Given,
  env: Environment,
  { stdout }: CommandOutput,
): Promise<number> {
  return withDatabase(env, TABLES, async (client) => {
    await setMode(client, mode, author);
    stdout(json ? jsonLine({ mode }) : line('mode', mode));
    return 0;
  });
}

function status(subject: string, { json }: Given, env: Environment, { stdout }: CommandOutput): Promise<number> {
  return withSync(env, async (store, { mode, names }, client) => {
    const rows = await store.rows(isAll(subject) ? names : [nameMeant(subject, names)]);
    const found = await readStatus(client, mode, rows);
    stdout(json ? jsonLine(statusJson(found)) : statusText(found));
    return found.entities.some(needsAttention) ? 1 : 0;
  });
}

function enable(
  action: 'pause' | 'resume',
  subject: string,
  values: Given,
  env: Environment,
  { stdout }: CommandOutput,
): Promise<number> {
  const author = readAuthor(values, env);
  return withSync(env, async (_store, { names }, client) => {
    const meant = isAll(subject) ? names : [nameMeant(subject, names)];
    await setEnabled(client, meant, action === 'pause' ? 'false' : 'true', author);
    const state = action === 'pause' ? 'paused' : 'enabled';
    stdout(values.json ? jsonLine({ [state]: meant }) : meant.map((name) => line(name, state)).join('\n'));
    return 0;
  });
}

function runNow(
  action: 'run' | 'diff',
  subject: string,
  values: Given,
  env: Environment,
  output: CommandOutput,
): Promise<number> {
  const { by, reason } = readAuthor(values, env);
  const kind = readKind(action, subject, values);
  const wish = { kind, by, reason, acceptsDeletions: values['accept-deletions'] ?? false };
  const timeoutMs = readInteger('timeout', values.timeout ?? DEFAULT_TIMEOUT_S, 1, LONGEST_S) * 1_000;
  if (values['no-wait'] && values.timeout !== undefined) {
    throw new UsageError('--timeout goes with following, not with --no-wait', 'sync');
  }
  return withSync(env, async (store, overview) => {
    refuseMode(kind, overview.mode);
    const names = await unpaused(store, subject, kind, overview.names, output);
    const request = { names, wish, timeoutMs, json: values.json ?? false };
    return values['no-wait'] ? askOnly(store, request, output) : runAndFollow(store, REAL_TIME, request, output);
  });
}

/** @throws UsageError for deletions that are accepted unseen */
function readKind(action: 'run' | 'diff', subject: string, values: Given): WishKind {
  if (values['accept-deletions'] && (!values.full || isAll(subject))) {
    throw new UsageError('--accept-deletions goes with --full, and one entity', 'sync');
  }
  if (action === 'diff') return 'diff';
  return values.full ? 'full' : 'incremental';
}

/** What is set for all hosts stands above their options: no need to wait for nobody. */
function refuseMode(kind: WishKind, mode: FeatureMode | null): void {
  if (mode === 'off') throw cannot('the sync is off: livescore sync --set on lets it run');
  if (mode === 'shadow' && kind !== 'diff') {
    throw cannot(
      'the sync is in shadow, and writes nothing: compare with livescore sync diff, or livescore sync --set on',
    );
  }
}

/** Comparing writes nothing: a paused entity can be compared. @throws CommandError when nothing is left to run */
async function unpaused(
  store: PgSyncDesk,
  subject: string,
  kind: WishKind,
  known: readonly string[],
  { stderr }: CommandOutput,
): Promise<readonly string[]> {
  const meant = isAll(subject) ? entitiesOf(known) : [nameMeant(subject, known)];
  if (kind === 'diff') return listsAmong(meant);
  const rows = await store.rows(meant);
  const paused = rows.filter(({ enabled }) => enabled === false).map(({ entity }) => entity);
  const left = meant.filter((name) => !paused.includes(name));
  if (left.length === 0)
    throw cannot(`${paused.join(', ') || 'everything'} is paused: livescore sync resume ${subject}`);
  if (paused.length > 0) stderr(`left out, for they are paused: ${paused.join(', ')}`);
  return left;
}

function cannot(message: string): CommandError {
  return new CommandError('LIVESCORE_SYNC_CANNOT_RUN', message);
}

/** @throws CommandError while no host has ever kept anything there: every name would be unknown */
function withSync(
  env: Environment,
  action: (store: PgSyncDesk, overview: SyncOverview, client: Client) => Promise<number>,
): Promise<number> {
  return withDatabase(env, TABLES, async (client) => {
    const store = new PgSyncDesk(new ClientDatabase(client));
    const overview = await store.overview();
    if (overview.names.length > 0) return action(store, overview, client);
    throw new CommandError(
      'LIVESCORE_NO_SYNC_HOST',
      "no host with the sync on has started on this database yet: set its option sync.mode, or LIVESCORE_SYNC, to 'on' or 'shadow'",
    );
  });
}
