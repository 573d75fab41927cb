import type { GoalFact, OperationsFacts } from '../../facts.js';
import { byId } from './dom.js';
import { explainButton } from './explain-button.js';
import type { Table } from './export.js';
import { Plot } from './plot.js';
import { FactTable } from './rows.js';
import type { Desk, Part } from './section.js';

const SHOWN = 25;

/** The day as a line of goals, each as high as it took. */
export class Goals implements Part {
  readonly #plot: Plot;
  readonly #table: FactTable;
  #goals: readonly GoalFact[] = [];

  constructor(desk: Desk) {
    this.#plot = new Plot(byId('day-plot'), {
      name: 'goals',
      title: 'Latency of each goal',
      series: [
        { label: 'receipt to commit', colour: 'a', unit: 'ms', isPoints: true },
        { label: 'commit to screens', colour: 'd', unit: 'ms', isPoints: true },
      ],
      table: () => tableOfGoals(this.#goals),
    });
    const columns = [
      ['Told at', 'atMs', 'time'],
      ['Home', 'home'],
      ['Score', 'score', 'score'],
      ['Away', 'away'],
      ['What', 'kind'],
      ['To commit', 'receiveToCommitMs', 'ms'],
      ['To screens', 'commitToScreenMs', 'ms'],
      ['From', 'source'],
      ['Late', 'isCatchUp', 'flag'],
      ['', (key: string) => explainButton(desk, () => this.#goals[Number(key)]?.matchId)],
    ] as const;
    this.#table = new FactTable(byId('day-list'), 'goals', columns, 'No goal since this process started.', {
      isNewestFirst: true,
      most: SHOWN,
    });
  }

  take(facts: OperationsFacts): void {
    this.#table.fit(facts);
    const isSame =
      facts.goals === this.#goals ||
      (facts.goals.length === this.#goals.length && facts.goals.at(-1)?.atMs === this.#goals.at(-1)?.atMs);
    this.#goals = facts.goals;
    if (isSame) return;
    this.#plot.show([
      facts.goals.map(({ atMs }) => atMs / 1_000),
      facts.goals.map(({ receiveToCommitMs }) => receiveToCommitMs),
      facts.goals.map(({ commitToScreenMs }) => commitToScreenMs),
    ]);
  }
}

/** Every goal that is known, with names. */
export function tableOfGoals(goals: readonly GoalFact[]): Table {
  return {
    heads: [
      'time',
      'match',
      'home',
      'away',
      'kind',
      'side',
      'score',
      'version',
      'source',
      'receipt to commit (ms)',
      'commit to screens (ms)',
      'catch-up',
    ],
    lines: goals.map((goal) => [
      new Date(goal.atMs).toISOString(),
      goal.matchId,
      goal.home,
      goal.away,
      goal.kind,
      goal.side,
      goal.score.join(':'),
      goal.version,
      goal.source,
      goal.receiveToCommitMs,
      goal.commitToScreenMs,
      String(goal.isCatchUp),
    ]),
  };
}
