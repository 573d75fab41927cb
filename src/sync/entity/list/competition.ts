import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { DUPLICATE, fields, LOGO_URL } from '../../../domain/sync/entity-fields.js';

export const competition: EntityDefinition = {
  name: 'competition',
  replaces: 'competition worker',
  endpoint: '/competition/additional/list',
  table: 'ts_competitions',
  cursor: 'time',
  parents: ['category', 'country'],
  fields: [
    {
      column: 'name',
      kind: 'text',
      from: ['name'],
      fallback: { from: ['short_name'], text: 'Unknown Competition' },
    },
    ...fields('text', 'short_name'),
    LOGO_URL,
    ...fields('integer', 'type'),
    ...fields('text', 'category_id country_id cur_season_id cur_stage_id primary_color secondary_color'),
    ...DUPLICATE,
  ],
  schedules: [
    { cron: '0 2 * * *', kind: 'full' },
    { cron: '0 8,14,20 * * *', kind: 'incremental' },
  ],
};
