import type { ProviderItem } from '../src/provider/ports/provider-lists.js';

type ColumnType = 'text' | 'integer' | 'bigint' | 'boolean' | 'jsonb';

/** One column of `ts_players` and how somebody fills it who writes the sync of players by hand. */
interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly read: (item: ProviderItem) => unknown;
}

const given = (type: ColumnType, names: string, read: (value: unknown) => unknown): readonly Column[] =>
  names.split(' ').map((name) => ({ name, type, read: (item) => read(item[name]) }));
const textOf = (value: unknown) => (value === '' ? null : (value ?? null));

/** The columns that the package writes, too. */
export const COLUMNS: readonly Column[] = [
  { name: 'external_id', type: 'text', read: ({ id }) => id },
  ...given('text', 'name short_name logo country_id market_value_currency position', textOf),
  ...given('text', 'team_id uid', (value) => (value === '0' ? null : textOf(value))),
  ...given('integer', 'age height weight preferred_foot', (value) => value ?? null),
  ...given('bigint', 'birthday market_value contract_until', (value) => value ?? null),
  ...given('jsonb', 'positions ability characteristics', (value) => (value ? JSON.stringify(value) : null)),
  { name: 'is_duplicate', type: 'boolean', read: ({ uid }) => Boolean(uid) && uid !== '0' },
];

export const NAMES = COLUMNS.map(({ name }) => name).join(', ');

const SET = COLUMNS.slice(1)
  .map(({ name }) => `${name} = EXCLUDED.${name}`)
  .join(', ');
const ON_CONFLICT = `ON CONFLICT (external_id) DO UPDATE SET ${SET}, updated_at = now()`;

/** One array per column. */
export const UNNEST = `
  INSERT INTO ts_players (${NAMES}, updated_at)
  SELECT ${COLUMNS.map(({ name }) => `u.${name}`).join(', ')}, now()
  FROM unnest(${COLUMNS.map(({ type }, n) => `$${n + 1}::${type}[]`).join(', ')}) AS u (${NAMES})
  ${ON_CONFLICT}`;

/** One value per column. */
export const ONE_ROW = `
  INSERT INTO ts_players (${NAMES}, updated_at) VALUES (${COLUMNS.map((_, n) => `$${n + 1}`).join(', ')}, now())
  ${ON_CONFLICT}`;
