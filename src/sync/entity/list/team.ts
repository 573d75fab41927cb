import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { DUPLICATE, fields, LOGO_URL, optionalReference } from '../../../domain/sync/entity-fields.js';

export const team: EntityDefinition = {
  name: 'team',
  replaces: 'team worker',
  endpoint: '/team/additional/list',
  table: 'ts_teams',
  cursor: 'time',
  parents: ['country', 'competition', 'venue'],
  fields: [
    ...fields('text', 'name short_name'),
    LOGO_URL,
    ...fields('text', 'website'),
    ...fields('boolean', 'national'),
    ...fields('integer', 'foundation_time'),
    ...fields('text', 'competition_id country_id venue_id'),
    optionalReference('coach_id'),
    ...DUPLICATE,
  ],
  schedules: [
    { cron: '0 3 * * *', kind: 'full' },
    { cron: '0 9,15,21 * * *', kind: 'incremental' },
  ],
};
