import { Injectable, Optional } from '@nestjs/common';
import type { MatchUpdate } from '../domain/match-update.js';
import { DetailsSink } from '../shared/details-sink.js';
import { type Settled, UpdateSink } from '../shared/update-sink.js';
import { ScoreWriter } from './score-writer.js';

/** Score and status to the score writer; statistics, incidents and commentary to the details writer, if there is one. */
@Injectable()
export class DirectPath extends UpdateSink {
  constructor(
    private readonly scores: ScoreWriter,
    @Optional() private readonly details?: DetailsSink,
  ) {
    super();
  }

  override submit(updates: readonly MatchUpdate[], settled?: Settled): void {
    this.scores.submit(updates, settled);
    this.details?.submit(updates);
  }
}
