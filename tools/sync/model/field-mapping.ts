import type { ProviderEntityKind, ProviderRow } from '../../../src/testing/index.js';

/** A column, and what must stand in it for an entry of the provider: from the description of its fields, not from the package. */
export interface MappedColumn {
  readonly column: string;
  readonly expected: (entry: ProviderRow) => unknown;
}

export interface MappedTable {
  readonly table: string;
  readonly columns: readonly MappedColumn[];
}

const orNull = (value: unknown): unknown => (value === '' || value === undefined ? null : value);
const all = (names: string): readonly MappedColumn[] =>
  names.split(' ').map((column) => ({ column, expected: (entry) => orNull(entry[column]) }));
const flags = (names: string): readonly MappedColumn[] =>
  names.split(' ').map((column) => ({
    column,
    expected: (entry) => (entry[column] === undefined ? null : entry[column] === 1),
  }));
const LOGO_URL: MappedColumn = {
  column: 'logo_url',
  expected: ({ logo, logo_url }) => orNull(logo) ?? orNull(logo_url),
};
/** `"0"` is nobody */
const TEAM: MappedColumn = {
  column: 'team_id',
  expected: ({ team_id }) => (team_id === '0' ? null : orNull(team_id)),
};
const DUPLICATE: readonly MappedColumn[] = [
  ...all('uid'),
  { column: 'is_duplicate', expected: ({ uid }) => orNull(uid) !== null },
];

export const FIELD_MAPPING: Readonly<Record<ProviderEntityKind, MappedTable>> = {
  category: { table: 'ts_categories', columns: all('name') },
  country: { table: 'ts_countries', columns: all('category_id name logo') },
  competition: {
    table: 'ts_competitions',
    columns: [
      {
        column: 'name',
        expected: ({ name, short_name }) => orNull(name) ?? orNull(short_name) ?? 'Unknown Competition',
      },
      LOGO_URL,
      ...all('short_name type category_id country_id cur_season_id cur_stage_id primary_color secondary_color'),
      ...DUPLICATE,
    ],
  },
  team: {
    table: 'ts_teams',
    columns: [
      LOGO_URL,
      ...all('name short_name website foundation_time competition_id country_id venue_id coach_id'),
      ...flags('national'),
      ...DUPLICATE,
    ],
  },
  player: {
    table: 'ts_players',
    columns: [
      TEAM,
      ...all('name short_name logo country_id age birthday height weight market_value market_value_currency'),
      ...all('contract_until preferred_foot position positions ability characteristics'),
      ...DUPLICATE,
    ],
  },
  coach: {
    table: 'ts_coaches',
    columns: [
      TEAM,
      ...all('name short_name logo country_id type birthday age preferred_formation nationality joined contract_until'),
      ...DUPLICATE,
    ],
  },
  referee: { table: 'ts_referees', columns: all('name short_name logo country_id birthday') },
  venue: { table: 'ts_venues', columns: all('name city capacity country_id') },
  season: {
    table: 'ts_seasons',
    columns: [
      ...all('competition_id year start_time end_time'),
      ...flags('is_current has_table has_player_stats has_team_stats'),
    ],
  },
  stage: {
    table: 'ts_stages',
    columns: [
      ...all('season_id name mode group_count round_count'),
      { column: 'sort_order', expected: ({ sort_order, order }) => orNull(sort_order) ?? orNull(order) },
    ],
  },
};

export const TABLES: readonly string[] = Object.values(FIELD_MAPPING).map(({ table }) => table);
/** Entities whose list takes `time`. */
export const TIMED: readonly ProviderEntityKind[] = ['competition', 'team', 'player', 'coach'];
export const LOOKUPS: readonly string[] = ['team-data', 'team-logo'];
