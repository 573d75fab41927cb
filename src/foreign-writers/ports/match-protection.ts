/** Ends what protects the rows of a match that is given away. Port and injection token in one; optional. */
export abstract class MatchProtection {
  /** Resolves when nothing holds other writers off the row, or when that could not be done. Never rejects. */
  abstract clear(matchId: string): Promise<void>;
}
