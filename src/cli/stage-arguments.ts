import { ROLLOUT_STAGES, type RolloutStage, type RolloutStep } from '../rollout/ports/rollout-store.js';
import type { WantedSetting } from '../rollout/stage-changes.service.js';
import { readArguments, readInteger, refuseForeign } from './arguments.js';
import { UsageError } from './cli.errors.js';

export const STAGE_HELP = `livescore stage ACTION [options]

Which matches the direct path has taken over from the legacy one.

  get        what is in force: stage, share, lists, pins, by whom, when and why

  set STAGE  legacy: the legacy path writes everything
             shadow: it still does, and the direct path is compared with it
             canary: a share of the matches goes the direct way, the others are in shadow
             direct: all go the direct way
    --reason TEXT            why, for the history; required
    --by NAME                who, default the user of this shell
    --percent N              share in canary, 0 to 100
    --allow MATCH            goes the direct way in canary whatever the share; may be repeated
    --deny MATCH             stays on the legacy path in every stage; may be repeated
    --allow-competition ID   the same for a competition; may be repeated
    --deny-competition ID    the same for a competition; may be repeated
    --plan P:S,P:S,...       raise the share by itself: percent and seconds without a fault before the next step
    --anyway                 though a listed match or competition is not there yet
    --reset-latch            after an automatic rollback: it has been looked into
    What is not given stays as it was. A list that is given replaces the one before; "none" empties it, or the plan.

  history    who changed what, newest first
    --limit N                at most N, 1 to 10000, default 20

  --json     print the answer as JSON

Examples:
  livescore stage get
  livescore stage set shadow --reason "compare for a week"
  livescore stage set canary --percent 1 --plan 1:3600,10:86400,100:0 --reason "first matches"

It needs SELECT and INSERT on livescore_rollout, SELECT on livescore_pin, livescore_setting, livescore_host and ts_matches.
The platform database is DATABASE_URL (postgres://…). A change is in force on every host within a second.
LIVESCORE_KILL_SWITCH and LIVESCORE_MAX_STAGE in the environment of a host lower what is set here.
Exit code: 0 done, 1 somebody else changed the stage at the same moment, 2 it could not be done.`;

export interface SetRequest {
  readonly action: 'set';
  readonly wanted: WantedSetting;
  readonly resetLatch: boolean;
  /** lists may name what is not there yet */
  readonly anyway: boolean;
  readonly reason: string;
  readonly by?: string;
  readonly json: boolean;
}

export type StageRequest =
  | { readonly action: 'get'; readonly json: boolean }
  | { readonly action: 'history'; readonly limit: number; readonly json: boolean }
  | SetRequest;

const OPTIONS = {
  json: { type: 'boolean' },
  limit: { type: 'string' },
  percent: { type: 'string' },
  allow: { type: 'string', multiple: true },
  deny: { type: 'string', multiple: true },
  'allow-competition': { type: 'string', multiple: true },
  'deny-competition': { type: 'string', multiple: true },
  plan: { type: 'string' },
  anyway: { type: 'boolean' },
  'reset-latch': { type: 'boolean' },
  reason: { type: 'string' },
  by: { type: 'string' },
} as const;

const SETTINGS = ['percent', 'allow', 'deny', 'allow-competition', 'deny-competition', 'plan'] as const;
const OPTIONS_OF: Readonly<Record<StageRequest['action'], readonly string[]>> = {
  get: [],
  history: ['limit'],
  set: [...SETTINGS, 'anyway', 'reset-latch', 'reason', 'by'],
};
const NONE = 'none';
const MAX_LIST = 10_000;

/** @throws UsageError */
export function readStageArguments(argv: readonly string[]): StageRequest {
  const { values, positionals } = readArguments('stage', argv, OPTIONS);
  const action = readAction(positionals);
  const json = values.json === true;
  refuseForeign('stage', action, values, OPTIONS_OF);
  if (action === 'get') return { action, json };
  if (action === 'history') return { action, json, limit: readInteger('limit', values.limit ?? '20', 1, 10_000) };
  const { percent, plan, reason = '', by } = values;
  if (reason.trim() === '') throw new UsageError('say why with --reason TEXT: the history shows it');
  const wanted: WantedSetting = {
    stage: readStage(positionals[1]),
    ...(percent !== undefined && { percent: readInteger('percent', percent, 0, 100) }),
    ...(values.allow && { allowMatches: readList('allow', values.allow) }),
    ...(values.deny && { denyMatches: readList('deny', values.deny) }),
    ...(values['allow-competition'] && {
      allowCompetitions: readList('allow-competition', values['allow-competition']),
    }),
    ...(values['deny-competition'] && { denyCompetitions: readList('deny-competition', values['deny-competition']) }),
    ...(plan !== undefined && { stepPlan: readPlan(plan) }),
  };
  const [resetLatch, anyway] = [values['reset-latch'] === true, values.anyway === true];
  return { action, json, wanted, reason, resetLatch, anyway, ...(by !== undefined && { by }) };
}

function readAction([action, ...rest]: readonly string[]): StageRequest['action'] {
  const known = (['get', 'set', 'history'] as const).find((candidate) => candidate === action);
  if (known && rest.length === (known === 'set' ? 1 : 0)) return known;
  throw new UsageError('say what to do: get, set STAGE or history', 'stage');
}

function readStage(text: string | undefined): RolloutStage {
  const stage = ROLLOUT_STAGES.find((known) => known === text);
  if (stage) return stage;
  throw new UsageError(`the stage must be one of ${ROLLOUT_STAGES.join(', ')}, received "${text}"`);
}

function readList(option: string, ids: readonly string[]): readonly string[] {
  if (ids.length === 1 && ids[0] === NONE) return [];
  if (ids.includes(NONE)) throw new UsageError(`--${option} ${NONE} empties the list: it takes no other beside it`);
  if (ids.some((id) => id.trim() === '')) throw new UsageError(`--${option} must not be blank`);
  if (ids.length > MAX_LIST) throw new UsageError(`--${option} may be given ${MAX_LIST} times at most`);
  return [...new Set(ids)];
}

/** `1:3600,10:3600,100:0`: percent and seconds of soak, rising. */
function readPlan(text: string): readonly RolloutStep[] | null {
  if (text === NONE) return null;
  const steps = text.split(',').map((step): RolloutStep => {
    const [, percent, soakS] = /^(\d{1,3}):(\d{1,8})$/.exec(step.trim()) ?? [];
    if (percent === undefined || soakS === undefined || Number(percent) > 100) {
      throw new UsageError(`--plan must be steps like 1:3600,10:3600,100:0 (percent:seconds), received "${text}"`);
    }
    return { percent: Number(percent), soakS: Number(soakS) };
  });
  const isRising = steps.every(({ percent }, n) => percent > (steps[n - 1]?.percent ?? 0));
  if (!isRising) throw new UsageError('--plan must rise from step to step');
  return steps;
}
