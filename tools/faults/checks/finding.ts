/** What can be wrong. */
export type FindingKind =
  /** acknowledged, and its effect is nowhere */
  | 'lost'
  /** a goal journaled or announced twice, a version announced with different contents */
  | 'duplicated'
  | 'wrong-row'
  /** a prediction with another result than the committed score gives, settled twice, or told otherwise than it was committed */
  | 'wrong-settlement'
  /** a goal taken back that nobody took back */
  | 'false-cancellation'
  /** the books do not balance */
  | 'unaccounted'
  /** a promise broken that has no number of its own: a slow shutdown, a leak, a goal that nobody was told of */
  | 'broken';

export interface Finding {
  readonly kind: FindingKind;
  /** what, where, and what the database and the clients say about it */
  readonly text: string;
}
