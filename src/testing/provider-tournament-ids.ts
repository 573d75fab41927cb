import type { CatalogueMatch, CatalogueTournament } from './provider-tournament-match.js';

/** The ids of a tournament's rows: 15 characters, those of a replay of the same run. */
export class TournamentIds {
  readonly category: string;
  readonly competition: string;
  readonly season: string;
  /** by name, as the others, in order of first appearance */
  readonly teams: ReadonlyMap<string, string>;
  readonly stages: ReadonlyMap<string, string>;
  readonly venues: ReadonlyMap<string, string>;
  readonly countries: ReadonlyMap<string, string>;

  constructor(
    private readonly tournament: CatalogueTournament,
    private readonly run: string,
    /** where it is played */
    readonly host: string,
  ) {
    const { name, matches } = tournament;
    this.category = this.id('k', 0);
    this.competition = this.id('c', 0);
    this.season = this.id('s', 0);
    this.teams = this.numbered(
      't',
      matches.flatMap(({ home, away }) => [home, away]),
    );
    this.stages = this.numbered(
      'g',
      matches.map(({ round }) => round || name),
    );
    this.venues = this.numbered(
      'v',
      matches.flatMap(({ venue }) => venue || []),
    );
    this.countries = this.numbered('y', [host, ...this.teams.keys()]);
  }

  /** A match without a round belongs to the one stage that has the name of the tournament. */
  stageOf({ round }: CatalogueMatch): string {
    return this.stages.get(round || this.tournament.name) ?? '';
  }

  match(index: number): string {
    return this.id('m', index);
  }

  private numbered(letter: string, names: readonly string[]): ReadonlyMap<string, string> {
    return new Map([...new Set(names)].map((name, index) => [name, this.id(letter, index)]));
  }

  private id(letter: string, index: number): string {
    return `${this.run}${letter}${index.toString(36).padStart(5, '0')}`;
  }
}
