import { Logger } from '@nestjs/common';
import type { Outcome } from '../domain/outcome.js';
import * as outcomes from '../domain/outcomes.js';
import { logFields } from '../kernel/log-fields.js';
import type { OutcomeCounter } from '../kernel/outcome-counter.js';
import type { PendingDetails, WaitingDetails } from './pending-details.js';

/** `parked` promises a durable copy: the sender's letter, for details of a match without row are not kept in memory. */
const FATES = {
  written: outcomes.APPLIED,
  unchanged: outcomes.DUPLICATE,
  unknown: outcomes.UNKNOWN_MATCH,
  stale: outcomes.OLDER_PROVIDER_TIME,
  overflow: outcomes.OVERLOADED,
  expired: outcomes.WAITED_TOO_LONG,
  failed: outcomes.DEAD,
  fenced: outcomes.FENCED,
  released: outcomes.LEFT_UNWRITTEN,
};

/** What became of a match's details, as `livescore_details_total` counts it. */
export type DetailsOutcome = keyof typeof FATES;

/** Those that were joined into a newer update met no fate of their own when that one was written. */
const SHARED: ReadonlySet<DetailsOutcome> = new Set(['written', 'unchanged', 'unknown']);

/** Tells whoever waits for details what became of them. An update with a score is counted by the score writer. */
export class DetailsFates {
  private readonly logger = new Logger(DetailsFates.name);

  constructor(private readonly fates: OutcomeCounter) {}

  conclude({ joined, newest }: PendingDetails, outcome: DetailsOutcome): void {
    const fate = FATES[outcome];
    for (const waiting of joined) this.tell(waiting, SHARED.has(outcome) ? outcomes.SUPERSEDED : fate);
    if (newest) this.tell(newest, fate);
  }

  /** Joined with a newer one. */
  superseded(waiting: WaitingDetails): void {
    this.tell(waiting, outcomes.SUPERSEDED);
  }

  private tell({ update, receipt }: WaitingDetails, fate: Outcome): void {
    if (!update.score) this.fates.count(fate);
    try {
      receipt?.concluded(update, fate);
    } catch (error) {
      this.logger.error('A receipt failed', logFields({ matchId: update.matchId, error }));
    }
  }
}
