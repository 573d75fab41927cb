import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { fields } from '../../../domain/sync/entity-fields.js';

export const category: EntityDefinition = {
  name: 'category',
  replaces: 'category worker',
  endpoint: '/category/list',
  table: 'ts_categories',
  cursor: 'none',
  parents: [],
  fields: fields('text', 'name'),
  schedules: [{ cron: '0 1,13 * * *', kind: 'full' }],
};
