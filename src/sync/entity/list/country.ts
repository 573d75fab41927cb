import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { fields } from '../../../domain/sync/entity-fields.js';

export const country: EntityDefinition = {
  name: 'country',
  replaces: 'country worker',
  endpoint: '/country/list',
  table: 'ts_countries',
  cursor: 'none',
  parents: ['category'],
  fields: fields('text', 'category_id name logo'),
  schedules: [{ cron: '30 1,13 * * *', kind: 'full' }],
};
