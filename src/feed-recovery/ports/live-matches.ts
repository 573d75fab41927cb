/** The match is being played, as the database says. */
export interface LiveMatch {
  readonly matchId: string;
  /** receipt of the last push that carried its score, as stored, unix ms; null when none is */
  readonly seenAtMs: number | null;
}

/** The port tells which matches are being played. Port and injection token in one. */
export abstract class LiveMatches {
  /** Matches with status 2, 3, 4, 5 or 7, newest kick-off first, at most `limit`. */
  abstract list(limit: number): Promise<readonly LiveMatch[]>;
}
