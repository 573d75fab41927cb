import type { SettledPrediction } from '../../contracts/settled-predictions.js';
import type {
  CommittedStep,
  PeriodFormat,
  SettlementPath,
  SettlementWord,
} from '../../domain/settlement/settlement-path.js';
import type { FeatureMode } from '../../kernel/feature-mode.js';

/** Predictions are looked at in these modes. */
export type WorkingMode = Exclude<FeatureMode, 'off'>;

/** Predictions of one match have the same text and threshold: one verdict serves all of them. */
export interface PredictionText {
  readonly prediction: string;
  /** `numeric` as text; null in older rows */
  readonly threshold: string | null;
  readonly count: number;
}

/**
 * These numbers stand in place of the signature while versions are left to read: in order, or of a match that is
 * redone.
 */
export const UNFINISHED = { inOrder: -1, redone: -2 } as const;

/** This record says how far a match is settled. */
export interface SettledSoFar {
  readonly step: number;
  readonly path: SettlementPath;
  readonly words: readonly SettlementWord[];
  /** how many of the words are part of the path */
  readonly heard: number;
  /** signature of the predictions at the last look; negative: they were not all asked about, see {@link UNFINISHED} */
  readonly predictions: number;
  readonly mode: WorkingMode;
}

/** The settlement of a match goes by this, all of it read at one moment. */
export interface UnsettledMatch {
  readonly matchId: string;
  /** null: never looked at */
  readonly sofar: SettledSoFar | null;
  /** committed versions after those settled, in order; a bounded number of them */
  readonly steps: readonly CommittedStep[];
  /** there are more */
  readonly isMore: boolean;
  /** the state before the first of `steps`; null when not known */
  readonly before: CommittedStep | null;
  /** the version that was settled last; null: none, or it is gone */
  readonly last: CommittedStep | null;
  readonly texts: readonly PredictionText[];
  /** another number when a prediction comes, goes, or asks something else; not negative */
  readonly signature: number;
  readonly format: PeriodFormat;
  /** in which it is read */
  readonly mode: WorkingMode;
  /** database clock, unix ms */
  readonly nowMs: number;
}

/** A ruling is the verdict for one text, as it is written. */
export interface Ruling {
  readonly prediction: string;
  readonly threshold: string | null;
  readonly verdict: SettledPrediction['verdict'];
  readonly result: SettledPrediction['result'];
  readonly certainty: 1 | 2;
  readonly reason: string;
  readonly market: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly period: string;
  readonly basis: string | null;
  readonly score: string | null;
  readonly deadlineMs: number | null;
  readonly fingerprint: string;
}

/** A step is one commit of the settlement: the path of the match moves on, and with it what it decides. */
export interface SettlementStep {
  readonly matchId: string;
  /** the step that was read; 0: none */
  readonly expected: number;
  readonly path: SettlementPath;
  readonly words: readonly SettlementWord[];
  /** how many of the words are part of the path */
  readonly heard: number;
  readonly nextAtMs: number | null;
  readonly predictions: number;
  readonly mode: WorkingMode;
  readonly cause: string;
  /** when the version was committed, or the moment came, unix ms */
  readonly decidedAtMs: number;
  readonly rulings: readonly Ruling[];
  /** false: only predictions that were there when it was decided */
  readonly isNewest: boolean;
  /** of the lease; null without one */
  readonly fence: number | null;
}

/** Somebody else has settled the prediction: it is told, and left alone. */
export interface ForeignResult {
  readonly predictionId: string;
  readonly theirs: string;
  readonly ours: string;
}

/** The answer says what one step wrote. */
export interface SettlementWritten {
  /** false: somebody else moved the match on meanwhile, or the lease is another's; nothing was written */
  readonly isWritten: boolean;
  readonly settled: readonly SettledPrediction[];
  readonly foreign: readonly ForeignResult[];
}

/** A page lists matches by id, so that those which nobody settles here hide no others. */
export interface SweepPage {
  /** only ids after this one */
  readonly after: string;
  readonly limit: number;
}

/**
 * The repository keeps predictions and the verdicts about them, beside the journal. Port and injection token in one;
 * every call is one statement. @throws the driver's error, with its SQLSTATE in `code`
 */
export abstract class PredictionRepository {
  /** What is unsettled in these matches; those without predictions are left out, unless they have been settled before. */
  abstract read(matchIds: readonly string[], mode: WorkingMode): Promise<readonly UnsettledMatch[]>;

  /** Writes path, verdicts, results and the marks of the journal in one transaction, if `expected` is still true. */
  abstract write(step: SettlementStep): Promise<SettlementWritten>;

  /**
   * Matches with something to do that no commit tells: versions a crash left, moments that came, predictions that came late.
   * @param sinceMs how far back versions are looked for
   */
  abstract sweep(sinceMs: number, mode: WorkingMode, page: SweepPage): Promise<readonly string[]>;

  /** Do the incidents of the row tell of play? Asked for a match that nobody saw being played. */
  abstract wasPlayed(matchId: string): Promise<boolean>;

  /** The mode that is set at run time; null: none. */
  abstract setting(): Promise<string | null>;
}
