import type { Client } from 'pg';
import type { LegacyBinding } from '../contracts/legacy-binding.js';
import { printable } from '../kernel/printable.js';
import { PgHostRows } from '../lease/adapters/pg/pg-host-rows.js';
import type { HostRows } from '../lease/ports/host-rows.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { PgRolloutReads } from '../rollout/adapters/pg/pg-rollout-reads.js';
import type { RolloutSnapshot, RolloutStore } from '../rollout/ports/rollout-store.js';
import { environmentCaps } from '../rollout/rollout.options.js';
import { StageChanges, settingOf } from '../rollout/stage-changes.service.js';
import { operator } from './arguments.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { needCompetitions, needMatches } from './known-matches.js';
import { withRollout } from './platform-database.js';
import { jsonLine, line, textTable, timeText } from './printing.js';
import { hostText, settingLines, stageText } from './setting-text.js';
import { readStageArguments, type SetRequest, STAGE_HELP, type StageRequest } from './stage-arguments.js';

/** `livescore stage`. */
export const stageCommand: Command = {
  help: STAGE_HELP,
  run: async (argv, env, output) => {
    const request = readStageArguments(argv);
    return withRollout(env, async (store, client) => {
      if (request.action === 'set' && !request.anyway) await needListed(request, client);
      const changes = new StageChanges(store, new PgRolloutReads(new ClientDatabase(client)));
      return perform(request, { store, changes, hosts: hostsOf(client) }, env, output);
    });
  },
};

interface Known {
  readonly store: RolloutStore;
  readonly changes: StageChanges;
  readonly hosts: HostRows;
}

function perform(
  request: StageRequest,
  { store, changes, hosts }: Known,
  env: Environment,
  output: CommandOutput,
): Promise<number> {
  switch (request.action) {
    case 'get':
      return showStage(request.json, store, hosts, env, output);
    case 'set':
      return setStage(request, changes, env, output);
    case 'history':
      return stageHistory(request.limit, request.json, store, output);
  }
}

/** What is set, what each running host makes of it, and what the environment of this shell would lower. */
async function showStage(
  json: boolean,
  store: RolloutStore,
  hosts: HostRows,
  env: Environment,
  { stdout }: CommandOutput,
): Promise<number> {
  const shown: Shown = {
    ...(await store.read()),
    legacyPath: await store.legacyBinding(),
    caps: environmentCaps(env),
    running: await hosts.list(),
  };
  for (const text of json ? [stageJson(shown)] : stageLines(shown)) stdout(text);
  return 0;
}

/** What is set, by whom, and what it is worth where. */
interface Shown extends RolloutSnapshot {
  readonly legacyPath: LegacyBinding | null;
  readonly caps: ReturnType<typeof environmentCaps>;
  readonly running: Awaited<ReturnType<HostRows['list']>>;
}

function stageJson({
  change,
  pins,
  allowedByCompetition,
  deniedByCompetition,
  legacyPath,
  caps,
  running,
}: Shown): string {
  const changed = change && {
    id: change.id,
    at: timeText(change.changedAtMs),
    by: change.changedBy,
    reason: change.reason,
  };
  return jsonLine({
    ...settingOf(change),
    changed,
    pins: Object.fromEntries(pins),
    matchesByCompetition: { allowed: [...allowedByCompetition], denied: [...deniedByCompetition] },
    legacyPath,
    hosts: Object.fromEntries(running.map(({ host, facts }) => [host, facts.rollout ?? null])),
    environment: caps,
  });
}

function stageLines({ change, pins, legacyPath, caps, running }: Shown): readonly string[] {
  return [
    ...settingLines(settingOf(change)),
    line('legacy path', LEGACY_PATH_WORDS[legacyPath ?? 'unknown']),
    ...[...pins].map(([matchId, route]) => line('pinned', `${printable(matchId)} ${route}`)),
    ...(change ? [line('changed', `${timeText(change.changedAtMs)} by ${printable(change.changedBy)}`)] : []),
    line('because', change ? printable(change.reason) : 'nobody has set anything'),
    ...running.map((host) => line('host', hostText(host))),
    ...(caps.killSwitch ? [line('this environment', killSwitchWords(legacyPath))] : []),
    ...(caps.maxStage === 'direct' ? [] : [line('this environment', `LIVESCORE_MAX_STAGE: ${caps.maxStage} at most`)]),
  ];
}

function hostsOf(client: Client): HostRows {
  return new PgHostRows(new ClientDatabase(client));
}

/** Changes the setting, unless somebody else does at the same moment. */
async function setStage(
  { wanted, resetLatch, reason, by, json }: SetRequest,
  changes: StageChanges,
  env: Environment,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const who = operator(by, env);
  const prepared = await changes.prepare(wanted, resetLatch ? null : LATCH_HOLDS);
  const { present, setting } = prepared;
  const change = await changes.append(prepared, who, reason);
  if (!change) {
    stderr('Somebody else changed the stage at this moment: nothing was set. See: livescore stage get');
    return 1;
  }
  if (json) stdout(jsonLine({ id: change.id, from: present, to: settingOf(change) }));
  else {
    stdout(`${stageText(present)} → ${stageText(setting)}, in force everywhere within a second`);
    for (const text of settingLines(setting).slice(1)) stdout(text);
  }
  return 0;
}

/** @throws CommandError when a list names what is not there: it would stay without effect */
async function needListed({ wanted }: SetRequest, client: Client): Promise<void> {
  const { allowMatches = [], denyMatches = [], allowCompetitions = [], denyCompetitions = [] } = wanted;
  const instead = 'add --anyway to list it before it appears';
  await needMatches([...allowMatches, ...denyMatches], client, instead);
  await needCompetitions([...allowCompetitions, ...denyCompetitions], client, instead);
}

const LEGACY_PATH_WORDS = {
  handler: 'the message handler of the host',
  queue: 'the write queue of the host',
  none: 'none: every match goes the direct way',
  unknown: 'no host has said which',
} as const;

function killSwitchWords(legacyPath: LegacyBinding | null): string {
  return legacyPath === 'none'
    ? 'LIVESCORE_KILL_SWITCH: refused, the host has no legacy path'
    : 'LIVESCORE_KILL_SWITCH: everything is legacy where it is set';
}

const LATCH_HOLDS = 'look at what happened, then set the stage with --reset-latch';

const HEADINGS = ['id', 'when', 'stage', 'latched', 'by', 'why'];

/** Who changed what, newest first. */
async function stageHistory(
  limit: number,
  json: boolean,
  store: RolloutStore,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const changes = await store.history(limit);
  if (json) {
    stdout(jsonLine(changes.map(({ changedAtMs, ...change }) => ({ ...change, at: timeText(changedAtMs) }))));
    return 0;
  }
  if (changes.length === 0) {
    stderr('Nobody has set a stage: everything is legacy.');
    return 0;
  }
  const rows = changes.map((change) => [
    String(change.id),
    timeText(change.changedAtMs),
    stageText(change),
    change.latched ? 'yes' : '-',
    printable(change.changedBy),
    printable(change.reason),
  ]);
  stdout(textTable(HEADINGS, rows));
  return 0;
}
