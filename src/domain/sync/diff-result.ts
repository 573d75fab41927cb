/** What a run that writes nothing found, rows; see `livescore sync diff`. */
export interface DiffResult {
  readonly same: number;
  readonly changed: number;
  readonly missing: number;
  /** rows that the provider does not list */
  readonly extra: number;
  /** column → how many rows differ in it */
  readonly fields: Readonly<Record<string, number>>;
  /** at most 20 */
  readonly samples: readonly DiffSample[];
}

export interface DiffSample {
  readonly id: string;
  readonly field: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}
