import { joinDetails, type PendingDetails } from './pending-details.js';

/** One entry per match, in the order in which the matches first had something to write. */
export class PendingQueue {
  private readonly byMatch = new Map<string, PendingDetails>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.byMatch.size;
  }

  /** @returns false when the queue was full and its oldest entry was given up */
  add(details: PendingDetails): boolean {
    const older = this.byMatch.get(details.matchId);
    this.byMatch.set(details.matchId, older ? joinDetails(older, details) : details);
    return this.dropOverflow();
  }

  take(): PendingDetails | undefined {
    const [oldest] = this.byMatch.values();
    if (oldest) this.byMatch.delete(oldest.matchId);
    return oldest;
  }

  /** Puts back what could not be written, beneath what came since, behind the other matches. */
  giveBack(details: PendingDetails): boolean {
    const newer = this.byMatch.get(details.matchId);
    this.byMatch.delete(details.matchId);
    this.byMatch.set(details.matchId, newer ? joinDetails(details, newer) : details);
    return this.dropOverflow();
  }

  private dropOverflow(): boolean {
    if (this.byMatch.size <= this.capacity) return true;
    this.take();
    return false;
  }
}
