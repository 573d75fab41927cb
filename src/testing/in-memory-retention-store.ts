import type { Clock } from '../kernel/clock.js';
import { type PrunedBatch, RetentionStore } from '../retention/ports/retention-store.js';

const DAY_MS = 86_400_000;

/** One change of a match, a letter or a decision, as far as its age counts. */
export interface AgedRow {
  readonly atMs: number;
  /** what must stay whatever its age: a match that goes on or is not settled, a letter that is to be tried again */
  readonly stays?: boolean;
}

export interface AgedChange extends AgedRow {
  readonly matchId: string;
}

/** What is kept for a time, in memory, held to the same contract as PostgreSQL. */
export class InMemoryRetentionStore extends RetentionStore {
  changes: readonly AgedChange[] = [];
  letters: readonly AgedRow[] = [];
  decisions: readonly AgedRow[] = [];

  /** @param clock the database's own */
  constructor(private readonly clock: Clock) {
    super();
  }

  override async pruneJournal(days: number, afterMs: number): Promise<PrunedBatch> {
    const limitMs = this.clock.nowMs() - days * DAY_MS;
    const scanned = this.changes.filter(({ atMs }) => atMs > afterMs && atMs < limitMs);
    const stays = new Set(this.changes.filter((row) => row.stays || row.atMs >= limitMs).map(({ matchId }) => matchId));
    const gone = new Set(scanned.map(({ matchId }) => matchId).filter((matchId) => !stays.has(matchId)));
    const before = this.changes.length;
    this.changes = this.changes.filter(({ matchId }) => !gone.has(matchId));
    return { deleted: before - this.changes.length, untilMs: null };
  }

  override async pruneLetters(days: number): Promise<number> {
    const before = this.letters.length;
    this.letters = this.letters.filter((row) => row.stays || this.isYoung(row, days));
    return before - this.letters.length;
  }

  override async pruneDecisions(days: number): Promise<number> {
    const before = this.decisions.length;
    this.decisions = this.decisions.filter((row) => this.isYoung(row, days));
    return before - this.decisions.length;
  }

  private isYoung({ atMs }: AgedRow, days: number): boolean {
    return atMs >= this.clock.nowMs() - days * DAY_MS;
  }
}
