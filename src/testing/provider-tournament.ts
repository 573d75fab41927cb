import type { ProviderEntityKind } from './provider-entities.js';
import type { ProviderFixture } from './provider-fixtures.js';
import type { ProviderRow } from './provider-row.js';
import { TournamentIds } from './provider-tournament-ids.js';
import type { CatalogueTournament } from './provider-tournament-match.js';
import {
  competitionRow,
  countryRows,
  fixtureOf,
  seasonRow,
  stageRows,
  teamRows,
  venueRows,
} from './provider-tournament-rows.js';

/** These options say which rows {@link tournamentCatalogue} makes. */
export interface TournamentCatalogueOptions {
  /**
   * Begins every id, 9 characters. Matches, teams and the competition then have the ids that a replay of this run gives
   * them: teams are numbered in the order in which they first play. @default 'worldcup0'
   */
  readonly run?: string;
  /** host country of the tournament. @default 'World' */
  readonly country?: string;
  /** season of the tournament. @default '2022' */
  readonly year?: string;
  /** start of the first match that has no start of its own, unix seconds; each later one starts an hour after. @default now */
  readonly firstKickoffAtS?: number;
  /** `updated_at` of every row, unix seconds. @default now */
  readonly updatedAtS?: number;
}

/** A catalogue holds rows for the stand-in: `standIn.fill(catalogue)`. */
export interface ProviderCatalogue {
  readonly entities: Readonly<Partial<Record<ProviderEntityKind, readonly ProviderRow[]>>>;
  readonly fixtures: readonly ProviderFixture[];
}

const HOUR_S = 3_600;

/**
 * Makes the rows of a tournament: categories, countries, competition, season, stages, venues, teams with their badges,
 * and fixtures.
 */
export function tournamentCatalogue(
  tournament: CatalogueTournament,
  options: TournamentCatalogueOptions = {},
): ProviderCatalogue {
  const nowS = Math.floor(Date.now() / 1000);
  const { run = 'worldcup0', country = 'World', year = '2022', firstKickoffAtS = nowS, updatedAtS = nowS } = options;
  const ids = new TournamentIds(tournament, run, country);
  const kickoffs = tournament.matches.map(({ kickoffAtS }, index) => kickoffAtS ?? firstKickoffAtS + index * HOUR_S);
  const told = <T extends ProviderRow>(rows: readonly T[]) => rows.map((row) => ({ ...row, updated_at: updatedAtS }));
  return {
    entities: {
      category: told([{ id: ids.category, name: 'International' }]),
      country: told(countryRows(ids)),
      competition: told([competitionRow(ids, tournament.name)]),
      season: told([seasonRow(ids, year, kickoffs)]),
      stage: told(stageRows(ids)),
      venue: told(venueRows(ids)),
      team: told(teamRows(ids)),
    },
    fixtures: told(tournament.matches.map((match, index) => fixtureOf(ids, match, index, kickoffs[index] ?? nowS))),
  };
}
