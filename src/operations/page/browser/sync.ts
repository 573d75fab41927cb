import type { OperationsFacts, SyncJobStored } from '../../facts.js';
import type { ActionForm } from './action-dialog.js';
import { byId, element } from './dom.js';
import type { Field } from './field.js';
import { FactTable } from './rows.js';
import { actionButton, type Desk, factList, type Part, readingNote } from './section.js';

const STORED = 'stored.sync';

const STATE = {
  Mode: '{mode} for all, here {/health.sync.mode}',
  Live: 'provider {/liveGap.gap.provider count}, rows {/liveGap.gap.rows count}, gap {/liveGap.state}',
  'Not in both': 'only provider {/liveGap.gap.onlyProvider count}, only rows {/liveGap.gap.onlyRows count}',
};

/** The sync: each entity and job with its last run, and a run now. */
export class Sync implements Part {
  readonly #table: FactTable;
  #jobs: readonly SyncJobStored[] = [];

  constructor(desk: Desk) {
    const place = byId('sync-body');
    const run = actionButton(desk, 'Run now', () => this.#form());
    place.append(readingNote(STORED), factList(`${STORED}.value`, STATE), element('div', { class: 'actions' }, run));
    const columns = [
      ['What', 'entity'],
      ['State', 'state'],
      ['Kind', 'kind'],
      ['Ended', 'finishedAtMs', 'time'],
      ['Seen', 'counts.seen', 'count'],
      ['Added', 'counts.added', 'count'],
      ['Changed', 'counts.changed', 'count'],
      ['Refused', 'counts.refused', 'count'],
      ['Deleted', 'counts.deleted', 'count'],
      ['Error', 'error'],
      ['Asked for', 'wanted'],
    ] as const;
    this.#table = new FactTable(place, `${STORED}.value.jobs`, columns, 'no run yet');
  }

  take(facts: OperationsFacts): void {
    this.#jobs = facts.stored.sync?.value?.jobs ?? [];
    this.#table.fit(facts);
  }

  #form(): ActionForm {
    const entities = this.#jobs.filter(({ isEntity }) => isEntity).map(({ entity }) => [entity, entity] as const);
    const fields: readonly Field[] = [
      { name: 'entity', label: 'What', type: 'select', choices: entities, isRequired: true },
      {
        name: 'kind',
        label: 'How',
        type: 'select',
        choices: [
          ['incremental', 'what is new'],
          ['full', 'everything'],
          ['diff', 'compare only'],
        ],
        isRequired: true,
      },
      { name: 'acceptsDeletions', label: 'it may mark more than half of the table as deleted', type: 'check' },
    ];
    return { action: 'sync', title: 'Run a sync now', fields };
  }
}
