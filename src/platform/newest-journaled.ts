/** The newest version of a match by the journal, beside its row; null without a journal. */
export interface NewestJournaled {
  readonly journal_epoch?: unknown;
  readonly journal_version?: unknown;
}

/** A version below the journal's was restored or inserted again: its history starts a new epoch. */
export function epochOf(row: NewestJournaled, version: number): number {
  if (typeof row.journal_epoch !== 'number') return 0;
  return isSameIncarnation(row, version) ? row.journal_epoch : row.journal_epoch + 1;
}

/** Does the journal tell the history of this row? */
export function isSameIncarnation(row: NewestJournaled, version: number): boolean {
  return version >= Number(row.journal_version);
}
