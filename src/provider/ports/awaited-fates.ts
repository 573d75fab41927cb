import type { Receipt } from '../../contracts/update-sink.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import type { Outcome } from '../../domain/outcome.js';

/** The receipt of one answer of the provider: it waits until each of its updates has its fate. */
export class AwaitedFates implements Receipt {
  readonly awaitsCommit = false;
  readonly complete: Promise<true>;
  /** matches without a row */
  readonly unknown: string[] = [];
  /** updates that changed their match */
  applied = 0;
  private readonly open: Set<MatchUpdate>;
  private finish: (settled: true) => void = () => undefined;

  constructor(updates: readonly MatchUpdate[]) {
    this.open = new Set(updates);
    this.complete = new Promise((resolve) => {
      this.finish = resolve;
    });
    if (this.open.size === 0) this.finish(true);
  }

  concluded(update: MatchUpdate, { kind }: Outcome): void {
    if (kind === 'applied') this.applied += 1;
    if (kind === 'parked') this.unknown.push(update.matchId);
    this.open.delete(update);
    if (this.open.size === 0) this.finish(true);
  }
}
