import type { OperationsFacts, SettlementStored } from '../../facts.js';
import type { ActionForm } from './action-dialog.js';
import { byId, element } from './dom.js';
import { explainButton } from './explain-button.js';
import { FactTable } from './rows.js';
import { actionButton, type Desk, factList, headed, type Part, readingNote } from './section.js';

const STORED = 'stored.settlement';
const VALUE = `${STORED}.value`;

/** Predictions as they were settled, and those that were settled otherwise later. */
export class Settlement implements Part {
  readonly #tables: readonly FactTable[];
  #stored: SettlementStored | null = null;

  constructor(desk: Desk) {
    const place = byId('settlement-body');
    const again = actionButton(desk, 'Settle a match again', () => settlementForm(''));
    place.append(readingNote(STORED), factList(VALUE, REPORT), element('div', { class: 'actions' }, again));
    const verdicts = [
      ['Verdict', 'verdict'],
      ['Certainty', 'certainty', 'count'],
      ['Predictions', 'predictions', 'count'],
    ] as const;
    const reversals = [
      ['At', 'atMs', 'time'],
      ['Match', 'matchId'],
      ['From', 'from'],
      ['To', 'to'],
      ['Why', 'reason'],
      ['Score', 'score'],
      ['', (key: string) => explainButton(desk, () => this.#stored?.reversals[Number(key)]?.matchId)],
    ] as const;
    this.#tables = [
      new FactTable(headed(place, 'Verdicts'), `${VALUE}.verdicts`, verdicts, 'none'),
      new FactTable(headed(place, 'Reversals'), `${VALUE}.reversals`, reversals, 'none'),
    ];
  }

  take(facts: OperationsFacts): void {
    this.#stored = facts.stored.settlement?.value ?? null;
    for (const table of this.#tables) table.fit(facts);
  }
}

const REPORT = {
  Mode: '{mode} for all, here {/health.settlement.mode}',
  Reversed: '{reversed count}',
  Awaiting: '{awaiting.predictions count}, next at {awaiting.nextDeadlineMs time}',
  Behind: '{behind.count count} {behind.matchIds}',
  'Held back': '{heldBack.count count} {heldBack.matchIds}',
  'Unknown texts': '{unknownTexts count}, results of others {others count}',
  'In shadow': '{shadow.compared count} compared, different {shadow.different count}',
};

/** A word about the settlement of a match, or its settlement from the first version. */
export function settlementForm(matchId: string): ActionForm {
  return {
    action: 'settlement',
    title: 'Settle a match again',
    fields: [
      { name: 'matchId', label: 'Match id', type: 'text', value: matchId, most: 255, isRequired: true },
      {
        name: 'says',
        label: 'How',
        type: 'select',
        choices: [
          ['', 'fold its versions again'],
          ['played', 'it counts as played'],
          ['void', 'what is undecided is void'],
          ['accept', 'its newest version is confirmed'],
        ],
        isAlwaysSent: true,
        read: (text) => (text === '' ? null : text),
      },
    ],
  };
}
