/** When the feed last said anything about a match, whatever became of it. Port and injection token in one; optional. */
export abstract class MatchActivity {
  /** our clock, unix ms; null when the feed has not mentioned the match lately */
  abstract lastPushAtMs(matchId: string): number | null;
}

/** Of a host without the ingest module. */
export const NOTHING_HEARD: MatchActivity = Object.freeze({ lastPushAtMs: () => null });
