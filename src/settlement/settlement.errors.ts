import { LiveScoreError } from '../kernel/livescore.errors.js';

/** A match cannot be folded from its first version on: the retention has deleted some of them. */
export class JournalIncompleteError extends LiveScoreError {
  constructor() {
    super(
      'LIVESCORE_JOURNAL_INCOMPLETE',
      'versions of the match are deleted that its verdicts go by: it cannot be settled again from the first one',
    );
  }
}
