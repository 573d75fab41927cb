import { printable } from '../kernel/printable.js';
import type { KnownHost } from '../lease/ports/host-rows.js';
import type { RolloutSetting } from '../rollout/ports/rollout-store.js';
import { line } from './printing.js';

/** One line per part of a setting. */
export function settingLines(setting: RolloutSetting): readonly string[] {
  const { stage, percent, latched, stepPlan } = setting;
  return [
    line('stage', `${stageText(setting)}${latched ? ', latched: taken back automatically' : ''}`),
    ...(stage === 'canary' ? [] : [line('percent in canary', String(percent))]),
    line('allowed matches', listText(setting.allowMatches)),
    line('denied matches', listText(setting.denyMatches)),
    line('allowed competitions', listText(setting.allowCompetitions)),
    line('denied competitions', listText(setting.denyCompetitions)),
    line('plan', planText(stepPlan)),
  ];
}

export function stageText({ stage, percent }: RolloutSetting): string {
  return stage === 'canary' ? `canary ${percent} %` : stage;
}

/** A running host and the stage in force there, with what lowers it. */
export function hostText({ host, facts: { rollout } }: KnownHost): string {
  if (!rollout) return `${printable(host)}: without the rollout`;
  const { stage, kill_switch: isKilled, max_stage: maxStage } = rollout;
  const lowered = isKilled ? ', KILL SWITCH: everything is legacy here' : '';
  const capped = maxStage === 'direct' ? '' : `, LIVESCORE_MAX_STAGE: ${printable(maxStage)} at most`;
  return `${printable(host)}: ${printable(stage)}${lowered}${capped}`;
}

function planText(plan: RolloutSetting['stepPlan']): string {
  return plan === null ? '-' : plan.map(({ percent, soakS }) => `${percent} % for ${soakS} s`).join(', ');
}

function listText(ids: readonly string[]): string {
  return ids.length === 0 ? '-' : printable(ids.join(' '));
}
