/** How much the board keeps. */
export interface BroadcastBounds {
  readonly maxMatches: number;
  readonly replayVersions: number;
  readonly currentForMs: number;
}
