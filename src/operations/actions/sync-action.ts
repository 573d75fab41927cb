import { LiveScoreError } from '../../kernel/livescore.errors.js';
import { printable } from '../../kernel/printable.js';
import type { SyncDesk } from '../../sync/ports/sync-desk.js';
import type { Action, Look } from './action.js';
import { type BodyFields, invalidField } from './body-fields.js';
import { presentLines } from './present-lines.js';

/** `livescore sync run` and `livescore sync diff`. */
export class SyncAction implements Action {
  readonly name = 'sync';

  constructor(private readonly desk: SyncDesk) {}

  async look(fields: BodyFields): Promise<Look> {
    fields.refuseOthers(['entity', 'kind', 'acceptsDeletions']);
    const entity = fields.id('entity');
    const kind = fields.oneOf('kind', ['incremental', 'full', 'diff']);
    const acceptsDeletions = fields.flag('acceptsDeletions');
    if (acceptsDeletions && kind !== 'full')
      throw invalidField('acceptsDeletions', 'left out: it goes with a full run');
    const { mode, names, lists } = await this.desk.overview();
    const [row] = names.includes(entity) ? await this.desk.rows([entity]) : [];
    if (!row)
      throw new LiveScoreError('LIVESCORE_NO_SYNC_ENTITY', `there is no entity ${printable(entity)}: nothing was done`);
    if (kind === 'diff' && !lists.includes(entity)) {
      throw invalidField('kind', `another one: ${entity} reads no list of the provider, nothing can be compared`);
    }
    const present = presentLines(row, mode);
    return {
      summary:
        kind === 'diff'
          ? `${entity} is compared with the provider; nothing is written.`
          : `A run of ${entity} is asked for (${kind}).`,
      lines: [...present, ...(acceptsDeletions ? ['It may mark more than half of the table as deleted.'] : [])],
      isDestructive: acceptsDeletions,
      state: present,
      perform: async ({ by, reason }) => {
        await this.desk.ask(entity, { kind, by, reason, acceptsDeletions }, 'at-once');
        return { summary: `${entity}: asked for a run (${kind}).`, lines: ['A host begins with it within seconds.'] };
      },
    };
  }
}
