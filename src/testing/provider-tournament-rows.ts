import { badge } from './provider-badge.js';
import type { ProviderFixture } from './provider-fixtures.js';
import type { ProviderRow } from './provider-row.js';
import type { TournamentIds } from './provider-tournament-ids.js';
import type { CatalogueMatch } from './provider-tournament-match.js';

const NOT_STARTED = 1;
const CUP = 2;
/** seven slots; the fifth counts corners, of which nothing is known yet */
const NO_SCORE = [0, 0, 0, 0, -1, 0, 0];

export function countryRows({ countries, category }: TournamentIds): ProviderRow[] {
  return [...countries].map(([name, id]) => ({ id, category_id: category, name, logo: badge(name) }));
}

export function competitionRow(ids: TournamentIds, name: string): ProviderRow {
  return {
    id: ids.competition,
    category_id: ids.category,
    country_id: ids.countries.get(ids.host),
    name,
    short_name: name,
    logo: badge(name),
    type: CUP,
    cur_season_id: ids.season,
    cur_stage_id: [...ids.stages.values()].at(-1) ?? '',
    primary_color: '',
    secondary_color: '',
    uid: '',
  };
}

export function seasonRow(ids: TournamentIds, year: string, kickoffsS: readonly number[]): ProviderRow {
  return {
    id: ids.season,
    competition_id: ids.competition,
    year,
    is_current: 1,
    has_table: 1,
    has_player_stats: 0,
    has_team_stats: 0,
    start_time: Math.min(...kickoffsS),
    end_time: Math.max(...kickoffsS),
  };
}

export function stageRows({ stages, season }: TournamentIds): ProviderRow[] {
  return [...stages].map(([name, id], order) => ({
    id,
    season_id: season,
    name,
    mode: 1,
    group_count: 0,
    round_count: 0,
    order,
  }));
}

/** `Al Bayt Stadium, Al Khor`: name and city. */
export function venueRows({ venues, countries, host }: TournamentIds): ProviderRow[] {
  return [...venues].map(([venue, id]) => {
    const [name = venue, ...city] = venue.split(', ');
    return { id, name, city: city.join(', '), capacity: 0, country_id: countries.get(host) };
  });
}

export function teamRows({ teams, countries, competition }: TournamentIds): ProviderRow[] {
  return [...teams].map(([name, id]) => ({
    id,
    competition_id: competition,
    country_id: countries.get(name),
    name,
    short_name: name.slice(0, 3).toUpperCase(),
    logo: badge(name),
    national: 1,
    foundation_time: 0,
    website: '',
    coach_id: '',
    venue_id: '',
    uid: '',
  }));
}

/** @param kickoffAtS scheduled start, unix seconds */
export function fixtureOf(
  ids: TournamentIds,
  match: CatalogueMatch,
  index: number,
  kickoffAtS: number,
): ProviderFixture {
  return {
    id: ids.match(index),
    season_id: ids.season,
    competition_id: ids.competition,
    home_team_id: ids.teams.get(match.home) ?? '',
    away_team_id: ids.teams.get(match.away) ?? '',
    status_id: NOT_STARTED,
    match_time: kickoffAtS,
    venue_id: ids.venues.get(match.venue ?? '') ?? '',
    referee_id: '',
    neutral: 1,
    home_scores: NO_SCORE,
    away_scores: NO_SCORE,
    coverage: { mlive: 1, lineup: 0 },
    round: { stage_id: ids.stageOf(match), group_num: 0, round_num: 0 },
    related_id: '',
    agg_score: [],
  };
}
