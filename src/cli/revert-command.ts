import type { Client } from 'pg';
import { rolloutBucket } from '../domain/rollout-bucket.js';
import { pause } from '../kernel/deadline.js';
import { REAL_TIME } from '../kernel/scheduler.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { PgRolloutStore } from '../rollout/adapters/pg/pg-rollout-store.js';
import type { RolloutStore } from '../rollout/ports/rollout-store.js';
import { RouteRules } from '../rollout/routing/route-rules.js';
import { PgRevertStore } from '../score-writer/adapters/pg/pg-revert-store.js';
import type { ChangeRange, RevertAnswer } from '../score-writer/ports/revert-store.js';
import type { ChangesToUndo } from '../score-writer/revert/changes-to-undo.js';
import { previewRevert, revertMatches } from '../score-writer/revert/revert-matches.js';
import { operator } from './arguments.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { needMatches } from './known-matches.js';
import { type NeededTables, withDatabase } from './platform-database.js';
import { findChanges } from './revert/find-changes.js';
import { type MatchResult, printResults, toResult } from './revert/print-results.js';
import { type RevertRequest, readRevertArguments } from './revert/revert-arguments.js';
import { confirm, readTarget, refuseBesideHost } from './target.js';

const REVERT_HELP = `livescore revert --match ID | --since TIME [--until TIME] | --cohort canary [options]

Takes back what the direct path wrote to score, status and kick-offs: the row is again as it was before the first of these
changes. Works from the journal, while the hosts run. A match that anybody wrote after the direct path, and what others
wrote in between, is left alone. Clients are told the score, never a goal or a cancellation; predictions that were settled
stay settled.

  --match ID        everything the direct path wrote to this match since somebody else wrote it
  --since TIME      changes committed from then on; a time with its zone (2026-05-01T18:30:00Z) or an age (90s, 30m, 12h, 7d)
  --until TIME      until then; a match that was changed later is left alone
  --cohort canary   changes made while the stage was canary, of matches that were in it
  --dry-run         only show what would be done
  --no-pin          do not pin
  --yes             the database is the right one: do not ask for its name
  --force           although a host takes the feed into it: needed for more than one match, unless --cohort says which
  --reason TEXT     why, kept with the pins
  --by NAME         who, default the user of this shell
  --json            print the answer as JSON

Matches that are on the direct path now are pinned to the legacy path first, and the command waits until the hosts have
followed: otherwise the next frame of the feed may say the same again. With --no-pin, and on hosts without a rollout, it may:
the last frame is not judged again, the provider is asked instead. \`livescore pin MATCH --remove\` gives a match back.

Examples:
  livescore revert --since 30m --dry-run
  livescore revert --match l7oqdehg6ko3r51 --reason "wrong slots" --yes

It needs SELECT and UPDATE on ts_matches, SELECT and INSERT on livescore_journal, and what livescore pin needs.
The platform database is DATABASE_URL (postgres://…).
Exit code: 0 all reverted, 1 nothing was, or some were left alone, 2 it could not be done.`;

const REVERT_TABLES: NeededTables = {
  code: 'LIVESCORE_NO_JOURNAL',
  lack: 'the database lacks tables that a revert needs',
};

/** A host looks at the pins at least once a second, and then has one second to write what it has. */
const HOSTS_FOLLOW_MS = 2_000;
const WHOLE_ROLLOUT = { killSwitch: false, maxStage: 'direct' } as const;

/** `livescore revert`. */
export const revertCommand: Command = {
  help: REVERT_HELP,
  run: async (argv, env, output) => {
    const request = readRevertArguments(argv, Date.now());
    return withDatabase(env, REVERT_TABLES, (client) => perform(request, client, env, output));
  },
};

async function perform(
  request: RevertRequest,
  client: Client,
  env: Environment,
  output: CommandOutput,
): Promise<number> {
  const database = new ClientDatabase(client);
  const [store, rollout] = [new PgRevertStore(database), new PgRolloutStore(database)];
  const { matchId } = request.scope;
  const changes = await findChanges(request.scope, store, rollout);
  if (matchId !== undefined && changes.length === 0) {
    await needMatches([matchId], client, 'see livescore explain MATCH for what was written');
  }
  const found = rangesOf(changes);
  const matchIds = found.ranges.map(({ matchId }) => matchId);
  const direct = request.pin ? await directMatches(matchIds, rollout) : [];
  if (request.dryRun) return print(found, await previewRevert(found.ranges, store), direct, request, output);
  if (matchIds.length > 0) await agree(matchIds.length, request, client, env, output);
  if (direct.length === 0) return print(found, await revertMatches(found.ranges, store), direct, request, output);
  await pinToLegacy(direct, operator(request.by, env), request.reason ?? 'livescore revert', rollout);
  // the hosts may have written until they followed
  const left = rangesOf(await findChanges(request.scope, store, rollout));
  return print(left, await revertMatches(left.ranges, store), direct, request, output);
}

/** One match, or those of a canary, are reverted while the hosts run; a time alone may mean all that they ever wrote. */
async function agree(
  matches: number,
  { scope, yes = false, force = false }: RevertRequest,
  client: Client,
  env: Environment,
  output: CommandOutput,
): Promise<void> {
  const target = await readTarget(client, env.DATABASE_URL ?? '');
  if (scope.matchId === undefined && scope.cohort === undefined) refuseBesideHost(target, force);
  const words = `This takes back what the direct path wrote to ${matches} matches.`;
  await confirm(target, { words, agreed: yes }, output);
}

interface Found {
  readonly ranges: readonly ChangeRange[];
  /** matches that are left alone */
  readonly left: readonly MatchResult[];
}

function rangesOf(changes: readonly ChangesToUndo[]): Found {
  const left = changes.flatMap((change): MatchResult[] =>
    'first' in change ? [] : [{ matchId: change.matchId, result: change.reason, from: null, to: null }],
  );
  return { ranges: changes.flatMap((change) => ('first' in change ? [change] : [])), left };
}

function print(
  { left }: Found,
  answers: readonly RevertAnswer[],
  pinned: readonly string[],
  request: RevertRequest,
  output: CommandOutput,
): number {
  return printResults([...left, ...answers.map(toResult)], pinned, request, output);
}

/** Those of the matches that the direct path writes now. */
async function directMatches(matchIds: readonly string[], store: RolloutStore): Promise<readonly string[]> {
  const rules = new RouteRules(await store.read(), WHOLE_ROLLOUT);
  return matchIds.filter((matchId) => rules.routeOf(matchId, rolloutBucket(matchId)) === 'direct');
}

/** Resolves when every host leaves them to the legacy path. */
async function pinToLegacy(
  matchIds: readonly string[],
  by: string,
  reason: string,
  store: RolloutStore,
): Promise<void> {
  for (const matchId of matchIds) await store.pin(matchId, 'legacy', by, reason);
  await pause(HOSTS_FOLLOW_MS, REAL_TIME);
}
