import type { Observable } from 'rxjs';
import type { MatchUpdate } from '../../domain/match-update.js';
import type { Outcome } from '../../domain/outcome.js';

/** One judged update, kept for `livescore explain`. */
export interface RecordedDecision {
  readonly atMs: number;
  /** its source, times and score, and what it carried; the rest is not kept */
  readonly update: MatchUpdate;
  readonly outcome: Outcome;
  /** row version the update was judged against; null when there was no row */
  readonly version: number | null;
  /** row version that its commit made; undefined until then, and of what was not applied */
  readonly became?: number | undefined;
}

/** The last 50 decisions of each of the 1,000 most recently active matches. Port and injection token in one; optional. */
export abstract class RecentDecisions {
  /** each decision about a pull, after it was written down */
  abstract readonly pulls$: Observable<RecordedDecision>;
  /** Oldest first, at most 50. */
  abstract of(matchId: string): readonly RecordedDecision[];
}
