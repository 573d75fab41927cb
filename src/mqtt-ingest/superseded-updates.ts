import type { Receipt } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { SUPERSEDED } from '../domain/outcomes.js';
import type { Held } from './burst.js';

/**
 * The updates of one match in a burst whose scores are not judged because a newer one is. The broker may forget them
 * when the fate of the newest is final, not before: their receipts wait for it.
 *
 * Their details go on by themselves: such an update has the fate that the sink gives to its details.
 */
export class SupersededUpdates implements Receipt {
  private readonly waiting: Held[] = [];
  /** their details have their fate; what is missing is that of the newest score */
  private readonly ready: { readonly held: Held; readonly outcome: Outcome }[] = [];
  private newestSettled = false;

  /**
   * @param awaitsCommit somebody keeps a copy of the newest or of an older one until the commit
   * @param superseded told how many updates got the fate `superseded`
   */
  constructor(
    private readonly newest: Held,
    readonly awaitsCommit: boolean,
    private readonly superseded: (count: number) => void,
  ) {}

  /** The frame of the newest: it says what the older ones said, and more. */
  get frame() {
    return this.newest.receipt?.frame;
  }

  /** updates without a fate that nobody else holds */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /** our clock, unix ms; null when none waits */
  get oldestAtMs(): number | null {
    return this.waiting[0]?.update.receivedAtMs ?? null;
  }

  /** An update with nothing but its score. */
  wait(held: Held): void {
    this.waiting.push(held);
  }

  /** The receipt for the details of an update whose score is not judged. */
  receiptOfDetails(held: Held): Receipt {
    return {
      awaitsCommit: held.receipt?.awaitsCommit ?? false,
      frame: held.receipt?.frame,
      concluded: (_details, outcome) => {
        if (this.newestSettled) held.receipt?.concluded(held.update, outcome);
        else this.ready.push({ held, outcome });
      },
      replayed: (_details, outcome) => held.receipt?.replayed?.(held.update, outcome),
    };
  }

  /** Of the newest score. */
  concluded(_folded: MatchUpdate, outcome: Outcome): void {
    this.newestSettled = true;
    this.newest.receipt?.concluded(this.newest.update, outcome);
    const waiting = this.waiting.splice(0);
    for (const held of waiting) held.receipt?.concluded(held.update, SUPERSEDED);
    for (const { held, outcome: fate } of this.ready.splice(0)) held.receipt?.concluded(held.update, fate);
    this.superseded(waiting.length);
  }

  replayed(_folded: MatchUpdate, outcome: Outcome): void {
    this.newest.receipt?.replayed?.(this.newest.update, outcome);
  }
}
