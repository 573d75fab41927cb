/** Why one update was applied or not. */
export interface ExplainedDecision {
  /** unix ms */
  readonly at: number;
  readonly source: string;
  /** `push` or `pull` */
  readonly delivery: string;
  /** status code the update claimed; null when it carried no score */
  readonly status: number | null;
  /** display score, `2-1`; null when it carried none */
  readonly score: string | null;
  /** `score[4]`, unix seconds; null when absent */
  readonly kickoff: number | null;
  readonly outcome: string;
  readonly reason: string;
  /** row version it was judged against; null when there was no row */
  readonly version: number | null;
  /** row version that its commit made, as clients were told; absent until then, and of what was not applied */
  readonly became?: number;
}

/** What features tell of one match in `GET /livescore/explain/:matchId`. */
export interface MatchFacts {
  /** the feed insists on what the guard refuses */
  readonly disputed?: boolean;
  /** `no-feed`: it is being played, and the feed does not speak of it; null when it is not played, or nobody can know */
  readonly feed?: 'live' | 'no-feed' | null;
  /** lengths of the periods, and whether an early half-time leaves them in doubt; absent without the minute module */
  readonly format?: { readonly is: string; readonly in_doubt: boolean };
  /** oldest first, at most 50; empty when nothing is known of the match */
  readonly decisions?: readonly ExplainedDecision[];
  /** why it is said to stand still; null when it is not, absent where nobody has looked */
  readonly stale?: string | null;
}

/** Answer of `GET /livescore/explain/:matchId`. */
export interface Explanation
  extends Required<Omit<MatchFacts, 'format' | 'stale'>>,
    Pick<MatchFacts, 'format' | 'stale'> {
  readonly matchId: string;
}
