import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { fields } from '../../../domain/sync/entity-fields.js';

export const stage: EntityDefinition = {
  name: 'stage',
  replaces: 'stage worker',
  endpoint: '/stage/list',
  table: 'ts_stages',
  cursor: 'none',
  parents: ['season'],
  fields: [
    ...fields('text', 'season_id name'),
    ...fields('integer', 'mode group_count round_count'),
    { column: 'sort_order', kind: 'integer', from: ['sort_order', 'order'] },
  ],
  schedules: [{ cron: '50 1 * * *', kind: 'full' }],
};
