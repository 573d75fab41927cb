import { Injectable, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { UpdateSplitter } from './update-splitter.js';

/** The door for every source: the direct path, or the router in front of it while the legacy path is being replaced. */
@Injectable()
export class RoutedUpdates extends UpdateSink {
  constructor(
    private readonly direct: UpdateSplitter,
    @Optional() private readonly router?: MatchRouter,
  ) {
    super();
  }

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    if (this.router) this.router.submit(updates, receipt, this.direct);
    else this.direct.submit(updates, receipt);
  }
}
