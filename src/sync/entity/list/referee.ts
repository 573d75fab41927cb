import { type EntityDefinition, fields } from '../../../domain/sync/entity-definition.js';

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
