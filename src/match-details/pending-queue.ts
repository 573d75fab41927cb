import { joinDetails } from './join-details.js';
import { awaitsCommit, type PendingDetails, type WaitingDetails } from './pending-details.js';

/** One entry per match, in the order in which the matches first had something to write. */
export class PendingQueue {
  private readonly byMatch = new Map<string, PendingDetails>();

  /**
   * @param superseded told of an update that was joined with a newer one and does not await the commit
   * @param givenUp told of the oldest entry when there are too many
   */
  constructor(
    private readonly capacity: number,
    private readonly superseded: (waiting: WaitingDetails) => void,
    private readonly givenUp: (details: PendingDetails) => void,
  ) {}

  get size(): number {
    return this.byMatch.size;
  }

  all(): Iterable<PendingDetails> {
    return this.byMatch.values();
  }

  has(matchId: string): boolean {
    return this.byMatch.has(matchId);
  }

  /** @returns what waited for the match */
  remove(matchId: string): PendingDetails | undefined {
    const details = this.byMatch.get(matchId);
    this.byMatch.delete(matchId);
    return details;
  }

  add(details: PendingDetails): void {
    const older = this.byMatch.get(details.matchId);
    this.byMatch.set(details.matchId, older ? this.join(older, details) : details);
    this.dropOverflow();
  }

  /** The oldest entries. */
  take(most: number): readonly PendingDetails[] {
    const oldest: PendingDetails[] = [];
    for (const details of this.byMatch.values()) {
      if (oldest.length >= most) break;
      oldest.push(details);
    }
    for (const { matchId } of oldest) this.byMatch.delete(matchId);
    return oldest;
  }

  /** Puts back what could not be written, beneath what came since, behind the other matches. */
  giveBack(details: PendingDetails): void {
    const newer = this.byMatch.get(details.matchId);
    this.byMatch.delete(details.matchId);
    this.byMatch.set(details.matchId, newer ? this.join(details, newer) : details);
    this.dropOverflow();
  }

  private join(older: PendingDetails, newer: PendingDetails): PendingDetails {
    if (newer.newest && older.newest && !awaitsCommit(older.newest)) this.superseded(older.newest);
    return joinDetails(older, newer);
  }

  private dropOverflow(): void {
    if (this.byMatch.size <= this.capacity) return;
    const [oldest] = this.take(1);
    if (oldest) this.givenUp(oldest);
  }
}
