import type { FixtureField, FixtureFieldKind } from '../ports/fixture-store.js';

/** Fields that have the name of their column. */
function named(kind: FixtureFieldKind, columns: string): readonly FixtureField[] {
  return columns.split(' ').map((column) => ({ column, kind, path: [column] }));
}

/** Fields of an object inside the entry. */
function inside(kind: FixtureFieldKind, object: string, names: string, prefix = ''): readonly FixtureField[] {
  return names.split(' ').map((name) => ({ column: `${prefix}${name}`, kind, path: [object, name] }));
}

/** What an entry of the diary or the recent list says about a match beside id, `updated_at`, score and status. */
export const FIXTURE_FIELDS: readonly FixtureField[] = [
  ...named('reference', 'season_id competition_id home_team_id away_team_id venue_id referee_id related_id'),
  ...inside('reference', 'round', 'stage_id'),
  ...named('integer', 'match_time home_position away_position'),
  ...inside('integer', 'round', 'group_num round_num'),
  ...named('boolean', 'neutral tbd has_ot team_reverse'),
  ...inside('boolean', 'coverage', 'mlive lineup', 'coverage_'),
  ...named('text', 'note'),
  ...inside('text', 'environment', 'weather pressure temperature wind humidity', 'environment_'),
  ...named('scores', 'agg_score'),
];
