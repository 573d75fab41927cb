/** A match of a tournament has this. */
export interface CatalogueMatch {
  readonly home: string;
  readonly away: string;
  /** becomes a stage: `Matchday 1`, `Final` */
  readonly round?: string | null;
  /** `Al Bayt Stadium, Al Khor`: name and city */
  readonly venue?: string | null;
  /** scheduled start, unix seconds */
  readonly kickoffAtS?: number | null;
}

/** A tournament has its matches in order; what `readTournament` of the replay answers is one. */
export interface CatalogueTournament {
  readonly name: string;
  readonly matches: readonly CatalogueMatch[];
}
