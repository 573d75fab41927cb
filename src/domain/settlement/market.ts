/** Goals of one period, by side. */
export interface Goals {
  readonly home: number;
  readonly away: number;
}

/** The part of a match that a market is about: the first half, or regular time. Never extra time or the shoot-out. */
export type MarketPeriod = 'half' | 'match';

/** What becomes of a prediction at the end of its period. `void`: nobody won, the stake goes back. */
export type MarketResult = 'won' | 'lost' | 'void';

/** A question about the goals of one period, as pure functions. */
export interface Market {
  /** says the market in one way, however its text was spelled: `match over 2.5` */
  readonly key: string;
  /** name of the rule that decides it */
  readonly rule: string;
  /** rises when the rule decides anything otherwise than before */
  readonly ruleVersion: number;
  readonly period: MarketPeriod;
  /**
   * What the goals decide while the period is played, whatever follows: `null` while it is open. Goals only rise, so what
   * is decided stays decided; a goal that is taken back is the caller's business.
   */
  inPlay(goals: Goals): 'won' | 'lost' | null;
  /** What the goals decide at the end of the period. */
  atEnd(goals: Goals): MarketResult;
}

/** The words of a text after the period, upper case: `['2.5', 'ÜST']`; and the line for texts that have none. */
export interface MarketWords {
  readonly period: MarketPeriod;
  readonly words: readonly string[];
  /** null: the row has none that could be a line */
  readonly threshold: number | null;
}
