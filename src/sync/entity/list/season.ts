import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { fields } from '../../../domain/sync/entity-fields.js';

export const season: EntityDefinition = {
  name: 'season',
  replaces: 'season worker',
  endpoint: '/season/list',
  table: 'ts_seasons',
  cursor: 'none',
  parents: ['country'],
  fields: [
    ...fields('text', 'competition_id year'),
    ...fields('boolean', 'is_current has_table has_player_stats has_team_stats'),
    ...fields('integer', 'start_time end_time'),
  ],
  schedules: [{ cron: '45 1 * * *', kind: 'full' }],
};
