import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { fields } from '../../../domain/sync/entity-fields.js';

export const referee: EntityDefinition = {
  name: 'referee',
  replaces: 'referee worker',
  endpoint: '/referee/list',
  table: 'ts_referees',
  cursor: 'none',
  parents: ['country'],
  fields: [...fields('text', 'name short_name logo country_id'), ...fields('integer', 'birthday')],
  schedules: [{ cron: '45 4 * * *', kind: 'full' }],
};
