import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { DUPLICATE, fields, optionalReference } from '../../../domain/sync/entity-fields.js';

export const coach: EntityDefinition = {
  name: 'coach',
  replaces: 'coach worker',
  endpoint: '/coach/list',
  table: 'ts_coaches',
  cursor: 'time',
  parents: ['team'],
  fields: [
    ...fields('text', 'name short_name logo'),
    optionalReference('team_id'),
    ...fields('text', 'country_id preferred_formation nationality'),
    ...fields('integer', 'type birthday age joined contract_until'),
    ...DUPLICATE,
  ],
  schedules: [
    { cron: '30 4 * * 0', kind: 'full' },
    { cron: '30 4 * * 1-6', kind: 'incremental' },
  ],
};
