import type { RolloutReads } from '../../rollout/ports/rollout-reads.js';
import { ROLLOUT_STAGES, type RolloutSetting, type RolloutStep } from '../../rollout/ports/rollout-store.js';
import type { PreparedChange, StageChanges, WantedSetting } from '../../rollout/stage-changes.service.js';
import { RefusedError } from '../operations.errors.js';
import type { Action, Deed, Look } from './action.js';
import { type BodyFields, invalidField } from './body-fields.js';
import { needMatches } from './known-matches.js';

const CONFLICT = 409;
const MOST_STEPS = 20;
const LONGEST_SOAK_S = 99_999_999;
const LATCH_HOLDS = 'look at what happened, then set the stage once more and say that it has been looked into';
const IN_FORCE = 'It is in force on every host within a second.';
const LISTS = {
  allowMatches: 'allowed matches',
  denyMatches: 'denied matches',
  allowCompetitions: 'allowed competitions',
  denyCompetitions: 'denied competitions',
} as const;
type ListName = keyof typeof LISTS;
const LIST_NAMES = Object.keys(LISTS) as ListName[];
const FIELDS = ['stage', 'percent', ...LIST_NAMES, 'stepPlan', 'resetLatch', 'anyway'];

/** `livescore stage set`. */
export class StageAction implements Action {
  readonly name = 'stage';

  constructor(
    private readonly changes: StageChanges,
    private readonly reads: RolloutReads,
  ) {}

  async look(fields: BodyFields): Promise<Look> {
    fields.refuseOthers(FIELDS);
    const wanted = wantedIn(fields);
    if (!fields.flag('anyway')) await this.needListed(wanted);
    const prepared = await this.changes.prepare(wanted, fields.flag('resetLatch') ? null : LATCH_HOLDS);
    const { before, present, setting } = prepared;
    const summary = `The stage goes from ${stageText(present)} to ${stageText(setting)}.`;
    return {
      summary,
      lines: [...differences(present, setting), IN_FORCE],
      isDestructive: stageText(present) !== stageText(setting),
      state: before?.id ?? null,
      perform: ({ by, reason }) => this.set(prepared, by, reason),
    };
  }

  private async set(prepared: PreparedChange, by: string, reason: string): Promise<Deed> {
    const change = await this.changes.append(prepared, by, reason);
    if (!change) {
      const message = 'somebody else changed the stage at this moment: nothing was set; look again';
      throw new RefusedError(CONFLICT, 'LIVESCORE_STAGE_CHANGED', message);
    }
    const { present, setting } = prepared;
    return { summary: `${stageText(present)} → ${stageText(setting)}, change ${change.id}.`, lines: [IN_FORCE] };
  }

  private async needListed(wanted: WantedSetting): Promise<void> {
    const { allowMatches = [], denyMatches = [], allowCompetitions = [], denyCompetitions = [] } = wanted;
    await needMatches(this.reads, [...allowMatches, ...denyMatches]);
    const [unknown] = await this.reads.unknownCompetitions([...allowCompetitions, ...denyCompetitions]);
    if (unknown !== undefined)
      throw invalidField('the list of competitions', `of known ones: no match is of ${unknown}`);
  }
}

function wantedIn(fields: BodyFields): WantedSetting {
  const lists = LIST_NAMES.filter((name) => fields.has(name)).map((name) => [name, fields.ids(name)] as const);
  return {
    stage: fields.oneOf('stage', ROLLOUT_STAGES),
    ...(fields.has('percent') && { percent: fields.integer('percent', 0, 100) }),
    ...Object.fromEntries(lists),
    ...(fields.has('stepPlan') && { stepPlan: fields.read('stepPlan', toPlan) }),
  };
}

/** Steps that rise; null takes the plan away. */
function toPlan(value: unknown): readonly RolloutStep[] | null {
  if (value === null) return null;
  const steps = Array.isArray(value) ? (value as readonly Partial<RolloutStep>[]) : [];
  const isPlan =
    steps.length > 0 &&
    steps.length <= MOST_STEPS &&
    steps.every((step, n) => isStep(step) && step.percent > (steps[n - 1]?.percent ?? 0));
  if (isPlan) return steps.map(({ percent = 0, soakS = 0 }) => ({ percent, soakS }));
  throw invalidField('stepPlan', `null, or ${MOST_STEPS} steps at most with rising percent and soakS`);
}

function isStep(step: Partial<RolloutStep> | null): step is RolloutStep {
  const isWithin = (value: unknown, last: number) =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= last;
  return isWithin(step?.percent, 100) && isWithin(step?.soakS, LONGEST_SOAK_S);
}

function differences(present: RolloutSetting, setting: RolloutSetting): readonly string[] {
  const lists = LIST_NAMES.flatMap((name) => {
    const [before, after] = [present[name], setting[name]];
    return before.join('\n') === after.join('\n') ? [] : [`${LISTS[name]}: ${before.length} → ${after.length}`];
  });
  const [planBefore, planAfter] = [planText(present.stepPlan), planText(setting.stepPlan)];
  return [
    ...(present.percent === setting.percent ? [] : [`share in canary: ${present.percent} % → ${setting.percent} %`]),
    ...lists,
    ...(planBefore === planAfter ? [] : [`plan: ${planBefore} → ${planAfter}`]),
    ...(present.latched && !setting.latched ? ['the latch of the automatic rollback is reset'] : []),
  ];
}

function planText(plan: RolloutSetting['stepPlan']): string {
  return plan === null ? 'none' : plan.map(({ percent, soakS }) => `${percent} % for ${soakS} s`).join(', ');
}

function stageText({ stage, percent }: RolloutSetting): string {
  return stage === 'canary' ? `canary ${percent} %` : stage;
}
