import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { fields } from '../../../domain/sync/entity-fields.js';

export const venue: EntityDefinition = {
  name: 'venue',
  replaces: 'venue worker',
  endpoint: '/venue/list',
  table: 'ts_venues',
  cursor: 'none',
  parents: ['country'],
  fields: [...fields('text', 'name city country_id'), ...fields('integer', 'capacity')],
  schedules: [{ cron: '30 2 * * *', kind: 'full' }],
};
