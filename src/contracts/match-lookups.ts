/** Where the provider is asked about single matches. Port and injection token in one; optional. */
export abstract class MatchLookups {
  /**
   * The feed said something about the match that was refused, or the match has no row: what does the provider say?
   * Throttled per match; the answer comes back through the `UpdateSink` as a pull. Never throws, never waits.
   * @param notBeforeMs earlier the answer could not be believed (the provider's cache age), our clock, unix ms
   */
  abstract request(matchId: string, notBeforeMs: number): void;
}
