import type { DetailsSink } from '../contracts/details-sink.js';
import type { Receipt } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';

/** Does the update carry statistics, incidents or commentary? */
export function hasDetails({ statistics, incidents, commentary }: MatchUpdate): boolean {
  return Boolean(statistics ?? incidents ?? commentary);
}

export function hasBothParts(update: MatchUpdate): boolean {
  return update.score !== undefined && hasDetails(update);
}

/**
 * One fate for updates whose score and details go separate ways: told when both are done. It is the score's, unless
 * the details were lost: then the sender must keep them.
 */
export class JointReceipt {
  /** for the score writer */
  readonly scores: Receipt;
  /** for the details writer */
  readonly details: Receipt;
  /** what the part that was done first said */
  private readonly halves = new Map<MatchUpdate, Outcome>();

  constructor(
    private readonly receipt: Receipt,
    private readonly sink: DetailsSink,
  ) {
    const { awaitsCommit, waited } = receipt;
    const detailsDone = (update: MatchUpdate, outcome: Outcome) =>
      this.done(update, outcome, (score) => (isLost(outcome) ? outcome : score));
    this.details = { awaitsCommit, waited, concluded: detailsDone };
    this.scores = {
      awaitsCommit,
      waited,
      concluded: (update, outcome) => this.done(update, outcome, (details) => (isLost(details) ? details : outcome)),
      replayed: (update, outcome) => this.replayed(update, outcome),
    };
  }

  private done(update: MatchUpdate, outcome: Outcome, withOther: (other: Outcome) => Outcome): void {
    const other = this.halves.get(update);
    if (hasBothParts(update) && !other) {
      this.halves.set(update, outcome);
      return;
    }
    this.halves.delete(update);
    this.receipt.concluded(update, other ? withOther(other) : outcome);
  }

  /** The row is there: its details are worth another attempt, and the sender keeps its copy until they are through. */
  private replayed(update: MatchUpdate, outcome: Outcome): void {
    if (!hasBothParts(update)) {
      this.receipt.replayed?.(update, outcome);
      return;
    }
    const settled = (_: MatchUpdate, details: Outcome) =>
      this.receipt.replayed?.(update, isLost(details) ? details : outcome);
    this.sink.submit([update], { awaitsCommit: true, waited: true, concluded: settled });
  }
}

/** Told and not in the database. */
function isLost({ kind, reason }: Outcome): boolean {
  return kind === 'dead' || reason === 'lease-lost';
}
