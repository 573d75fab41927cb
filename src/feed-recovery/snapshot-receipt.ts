import type { Receipt } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';

/** Waits until every update of a snapshot has its fate. */
export class SnapshotReceipt implements Receipt {
  readonly awaitsCommit = false;
  readonly complete: Promise<void>;
  private readonly open: Set<MatchUpdate>;
  private applied = 0;
  private finish: () => void = () => undefined;

  constructor(updates: readonly MatchUpdate[]) {
    this.open = new Set(updates);
    this.complete = new Promise((resolve) => {
      this.finish = resolve;
    });
    if (this.open.size === 0) this.finish();
  }

  /** updates that changed their match */
  get changes(): number {
    return this.applied;
  }

  concluded(update: MatchUpdate, { kind }: Outcome): void {
    if (kind === 'applied') this.applied++;
    this.open.delete(update);
    if (this.open.size === 0) this.finish();
  }
}
