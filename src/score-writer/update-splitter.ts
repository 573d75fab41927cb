import { Injectable, Optional } from '@nestjs/common';
import { DetailsSink } from '../contracts/details-sink.js';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { DETAILS_NOT_KEPT } from '../domain/outcomes.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { hasBothParts, JointReceipt } from './joint-receipt.js';
import { ScoreWriter } from './score-writer.js';

/** Score and status to the score writer; statistics, incidents and commentary to the details writer, if there is one. */
@Injectable()
export class UpdateSplitter extends UpdateSink {
  constructor(
    private readonly scores: ScoreWriter,
    private readonly fates: OutcomeCounter,
    @Optional() private readonly details?: DetailsSink,
  ) {
    super();
  }

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    const { details } = this;
    if (!details) {
      this.scores.submit(updates, receipt);
      for (const update of updates) if (!update.score) this.leaveOut(update, receipt);
      return;
    }
    const joint = receipt && updates.some(hasBothParts) ? new JointReceipt(receipt, details) : null;
    this.scores.submit(updates, joint?.scores ?? receipt);
    details.submit(updates, joint?.details ?? receipt);
  }

  /** Nobody keeps details here: nothing differs after it. */
  private leaveOut(update: MatchUpdate, receipt: Receipt | undefined): void {
    this.fates.count(DETAILS_NOT_KEPT);
    receipt?.concluded(update, DETAILS_NOT_KEPT);
  }
}
