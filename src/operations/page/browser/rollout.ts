import type { OperationsFacts, RolloutStored, StageSetting } from '../../facts.js';
import type { ActionForm } from './action-dialog.js';
import { byId, element } from './dom.js';
import { explainButton } from './explain-button.js';
import type { Field } from './field.js';
import { type Column, FactTable } from './rows.js';
import { actionButton, type Desk, factList, headed, type Part, readingNote } from './section.js';

const STORED = 'stored.rollout';
const VALUE = `${STORED}.value`;
const REPORT = 'stored.comparison.value';

/** The rollout: what is set and by whom, the switch itself, pins, and what the comparison found. */
export class Rollout implements Part {
  readonly #tables: readonly FactTable[];
  #stored: RolloutStored | null = null;

  constructor(private readonly desk: Desk) {
    const body = byId('rollout-body');
    const change = actionButton(desk, 'Change the stage', () => this.#stageForm());
    const pin = actionButton(desk, 'Pin a match', () => pinForm(''));
    body.append(readingNote(STORED), factList(VALUE, SETTING), element('div', { class: 'actions' }, change, pin));
    body.append(element('div', { id: 'rollout-plots', class: 'plots' }));
    headed(body, 'Comparison of the last 24 hours', REPORT).append(factList(REPORT, COMPARISON));
    this.#tables = [
      new FactTable(headed(body, 'Newest differences', REPORT), `${REPORT}.samples`, SAMPLES, 'none'),
      new FactTable(headed(body, 'Pins'), `${VALUE}.pins`, [...PINS, ['', (key) => this.#pinButtons(key)]], 'none'),
      new FactTable(headed(body, 'Decisions of the rollout itself'), `${VALUE}.decisions`, DECISIONS, 'none'),
      new FactTable(headed(body, 'Who changed what'), `${VALUE}.history`, HISTORY, 'nobody has set anything'),
    ];
  }

  take(facts: OperationsFacts): void {
    this.#stored = facts.stored.rollout?.value ?? null;
    for (const table of this.#tables) table.fit(facts);
  }

  #pinButtons(key: string): HTMLElement {
    const matchId = () => this.#stored?.pins[Number(key)]?.matchId ?? '';
    const change = actionButton(this.desk, 'Change', () => pinForm(matchId()), true);
    return element('span', {}, change, explainButton(this.desk, matchId));
  }

  #stageForm(): ActionForm {
    return { action: 'stage', title: 'Change the stage of the rollout', fields: stageFields(this.#stored?.setting) };
  }
}

const SETTING = {
  Stage: '{setting.stage}, {setting.percent percent}',
  'Set by': '{change.changedBy}, {change.changedAtMs time}',
  Because: '{change.reason}',
  Latched: '{setting.latched flag}',
  Plan: '{setting.stepPlan plan}',
  'Always direct': '{setting.allowMatches}, competitions {setting.allowCompetitions}',
  'Never direct': '{setting.denyMatches}, competitions {setting.denyCompetitions}',
  'Legacy path': '{legacyPath}',
};

const COMPARISON = {
  Matches: '{matches count}',
  'The same': '{consistent count}, different {inconsistent count}, errors {errors count}',
  Lead: 'p50 {lead.p50S s}, p90 {lead.p90S s}, most {lead.maxS s}',
  Goals: '{lead.goals count}, awaited {lead.awaited count}, lost by the legacy path {lead.lostByLegacy count}',
};

const SAMPLES: readonly Column[] = [
  ['Match', 'matchId'],
  ['At', 'at', 'time'],
  ['Why', 'why'],
  ['Direct', 'candidate', 'state'],
  ['Legacy', 'row', 'state'],
];

const PINS: readonly Column[] = [
  ['Match', 'matchId'],
  ['Path', 'route'],
  ['By', 'by'],
  ['Why', 'reason'],
  ['At', 'atMs', 'time'],
];

const HISTORY: readonly Column[] = [
  ['At', 'changedAtMs', 'time'],
  ['Stage', 'stage'],
  ['Share', 'percent', 'percent'],
  ['By', 'changedBy'],
  ['Why', 'reason'],
  ['Latched', 'latched', 'flag'],
];

const DECISIONS: readonly Column[] = [
  ['At', 'decidedAtMs', 'time'],
  ['Verdict', 'verdict'],
  ['Done', 'action'],
  ['Stage', 'stage'],
  ['Share', 'percent', 'percent'],
  ['Why', 'reason'],
];

/** The change of a pin, with the match filled in where it is known. */
export function pinForm(matchId: string): ActionForm {
  return {
    action: 'pin',
    title: 'Pin a match to one path',
    fields: [
      { name: 'matchId', label: 'Match id', type: 'text', value: matchId, most: 255, isRequired: true },
      {
        name: 'route',
        label: 'Path',
        type: 'select',
        choices: [
          ['legacy', 'legacy'],
          ['direct', 'direct'],
          ['', 'no pin: the stage decides'],
        ],
        read: (text) => (text === '' ? null : text),
        isAlwaysSent: true,
      },
      { name: 'anyway', label: 'though there is no such match yet', type: 'check' },
    ],
  };
}

function stageFields(setting: StageSetting | undefined): readonly Field[] {
  const ids = (name: string, label: string, value: readonly string[] = []): Field => ({
    name,
    label: `${label}, ids with commas between them`,
    type: 'text',
    value: value.join(', '),
    onlyChanged: true,
    read: (text) =>
      text
        .split(',')
        .map((id) => id.trim())
        .filter((id) => id !== ''),
  });
  const stages = ['legacy', 'shadow', 'canary', 'direct'] as const;
  return [
    {
      name: 'stage',
      label: 'Stage',
      type: 'select',
      value: setting?.stage ?? 'legacy',
      choices: stages.map((stage) => [stage, stage]),
      isRequired: true,
    },
    {
      name: 'percent',
      label: 'Share in canary, percent',
      type: 'number',
      value: String(setting?.percent ?? ''),
      most: 100,
      onlyChanged: true,
    },
    ids('allowMatches', 'Matches always direct', setting?.allowMatches),
    ids('denyMatches', 'Matches never direct', setting?.denyMatches),
    ids('allowCompetitions', 'Competitions always direct', setting?.allowCompetitions),
    ids('denyCompetitions', 'Competitions never direct', setting?.denyCompetitions),
    {
      name: 'stepPlan',
      label: 'Plan, as 1:3600, 10:86400 (percent:seconds)',
      type: 'text',
      value: planText(setting?.stepPlan),
      onlyChanged: true,
      read: readPlan,
    },
    { name: 'resetLatch', label: 'it has been looked into why it took itself back', type: 'check' },
    { name: 'anyway', label: 'lists may name what is not there yet', type: 'check' },
  ];
}

function planText(plan: StageSetting['stepPlan'] = null): string {
  return (plan ?? []).map(({ percent, soakS }) => `${percent}:${soakS}`).join(', ');
}

/** What is no number reaches the host as null, and is refused there. */
function readPlan(text: string): StageSetting['stepPlan'] {
  if (text === '') return null;
  return text.split(',').map((one) => {
    const [percent, soakS] = one.split(':').map(Number);
    return { percent: percent ?? Number.NaN, soakS: soakS ?? Number.NaN };
  });
}
