/** What an operator can say of a match. */
export const OPERATOR_WORDS = ['played', 'void', 'accept'] as const;

/** What becomes of a match by a word; `again` without one. */
export const OPERATOR_WORD_MEANS = {
  played: 'the match counts as played: its end decides what is open',
  void: 'what is undecided becomes void; what was decided stands, for good',
  accept: 'the newest version counts as confirmed',
  again: 'its versions are folded again from the first one; a verdict that differs becomes a revision',
} as const;

export interface OperatorWord {
  readonly says: (typeof OPERATOR_WORDS)[number];
  readonly by: string;
  readonly reason: string | null;
}

export interface RedoneMatch {
  readonly matchId: string;
  /** null: the versions are folded again from the first one */
  readonly says: OperatorWord['says'] | null;
  /** of the match, at its last look */
  readonly predictions: number;
  /** epoch.version up to which it was settled */
  readonly settled: string;
  /** as it is set for all hosts; null: nothing is set, and their options hold */
  readonly mode: string | null;
}

/** What was found, and the first of it. */
export interface Found<Row> {
  readonly count: number;
  /** at most 20 */
  readonly shown: readonly Row[];
}

export interface VerdictCount {
  readonly verdict: string;
  readonly certainty: number;
  readonly predictions: number;
}

export interface UnknownText {
  readonly text: string;
  readonly threshold: string | null;
  readonly predictions: number;
}

/** A result in the row of a prediction beside the one that was worked out. */
export interface OtherResult {
  readonly predictionId: string;
  readonly matchId: string;
  readonly theirs: string;
  /** null: none was worked out */
  readonly ours: string | null;
}

export interface BehindMatch {
  readonly matchId: string;
  /** epoch.version; null: never settled */
  readonly settled: string | null;
  readonly journal: string;
  readonly committedAt: Date;
}

/** Pending predictions whose match is played under another id now. */
export interface MovedMatch {
  readonly matchId: string;
  readonly newMatchId: string;
  /** of the match under its new id */
  readonly matchTime: Date;
  readonly predictions: number;
}

export interface SettlementFacts {
  /** null: nothing is set, and the options of each host hold */
  readonly mode: string | null;
  readonly verdicts: readonly VerdictCount[];
  /** predictions whose result was changed after it was told */
  readonly reversed: number;
  readonly awaiting: { readonly predictions: number; readonly nextDeadline: Date | null };
  readonly unknownTexts: Found<UnknownText>;
  readonly others: Found<OtherResult>;
  /** of predictions that have both results: ours in shadow, and theirs in the row */
  readonly shadow: Found<OtherResult> & { readonly compared: number };
  readonly behind: Found<BehindMatch>;
  readonly heldBack: Found<{ readonly matchId: string }>;
  readonly moved: Found<MovedMatch>;
}

/** A result that was changed after it was told. */
export interface Reversal {
  /** unix ms, database clock */
  readonly atMs: number;
  readonly matchId: string;
  readonly predictionId: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly score: string | null;
}

/** What operators see and say of the settlement, from a terminal or from the page. Port and injection token in one. */
export abstract class SettlementDesk {
  /** Of matches that were settled since, or wait for a moment. */
  abstract report(since: Date): Promise<SettlementFacts>;
  /** The same, newest first. */
  abstract reversals(since: Date, limit: number): Promise<readonly Reversal[]>;
  /** What would be done, and nothing is: null when no prediction of the match was ever looked at. */
  abstract look(matchId: string): Promise<Omit<RedoneMatch, 'says'> | null>;
  /**
   * Makes a match due: with one more word about it, or from its first version on. One statement.
   * @returns null when no prediction of the match was ever looked at
   * @throws LiveScoreError `LIVESCORE_JOURNAL_INCOMPLETE` when versions are deleted that its verdicts go by: folded without
   * them, it would take back results
   */
  abstract redo(matchId: string, word: OperatorWord | null): Promise<RedoneMatch | null>;
}
