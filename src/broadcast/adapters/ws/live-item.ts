/** What is sent to the clients that follow one match: an encoded frame, and what a client that cannot take it has to remember. */
export interface LiveItem {
  readonly matchId: string;
  readonly competitionId: string | null;
  readonly kind: 'version' | 'details' | 'clock' | 'state' | 'first';
  /** the position that a version continues; that of the match otherwise */
  readonly previous: string;
  readonly frame: Buffer;
}
