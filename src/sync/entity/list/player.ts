import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { DUPLICATE, fields, optionalReference } from '../../../domain/sync/entity-fields.js';

export const player: EntityDefinition = {
  name: 'player',
  replaces: 'player worker',
  endpoint: '/player/with_stat/list',
  table: 'ts_players',
  cursor: 'time',
  parents: ['team'],
  fields: [
    ...fields('text', 'name short_name logo'),
    optionalReference('team_id'),
    ...fields('text', 'country_id'),
    ...fields('integer', 'age birthday height weight market_value'),
    ...fields('text', 'market_value_currency'),
    ...fields('integer', 'contract_until preferred_foot'),
    ...fields('text', 'position'),
    ...fields('document', 'positions ability characteristics'),
    ...DUPLICATE,
  ],
  schedules: [
    { cron: '0 4 * * 0', kind: 'full' },
    { cron: '0 5 * * *', kind: 'incremental' },
  ],
  timeoutMs: 60_000,
};
