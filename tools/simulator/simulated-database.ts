import type { MatchState } from '../../src/domain/match-state.js';
import type { ScoreWrite } from '../../src/score-writer/ports/score-store.js';
import {
  accepts,
  changedElsewhere,
  emptyRow,
  type JournalEntry,
  loaded,
  sameToReaders,
  written,
} from '../../src/testing/in-memory-score-row.js';
import { databaseError } from './database-error.js';
import { DeadLetterTable } from './dead-letter-table.js';
import { DetailsTable } from './details-table.js';

/** `ts_matches` and the journal of one simulated world; statements take effect at one moment each. */
export class SimulatedDatabase {
  readonly letters = new DeadLetterTable();
  readonly details = new DetailsTable();
  /** of the holder of the lease: a lower one writes nothing */
  fence = 0;
  /** every version of a match, oldest first */
  readonly journal = new Map<string, JournalEntry[]>();
  /** SQLSTATE with which every statement about the match is refused */
  readonly poisoned = new Map<string, string>();
  /** rows held by transactions of others */
  readonly locked = new Set<string>();
  private readonly rows = new Map<string, MatchState>();

  constructor(private readonly committed: (entry: JournalEntry, before: MatchState) => void = () => {}) {}

  insert(matchId: string): void {
    this.rows.set(matchId, emptyRow(matchId));
  }

  remove(matchId: string): void {
    this.rows.delete(matchId);
  }

  /** As though the match had never been. */
  forget(matchId: string): void {
    this.remove(matchId);
    this.journal.delete(matchId);
    this.details.forget(matchId);
  }

  row(matchId: string): MatchState | undefined {
    return this.rows.get(matchId);
  }

  all(): readonly MatchState[] {
    return [...this.rows.values()];
  }

  /** Plain SQL of somebody else. */
  change(matchId: string, changes: Partial<MatchState>): void {
    const row = this.rows.get(matchId);
    if (!row) throw new Error(`No row ${matchId}`);
    this.rows.set(matchId, changedElsewhere(row, changes));
  }

  load(matchIds: readonly string[]): ReadonlyMap<string, MatchState> {
    const found = new Map<string, MatchState>();
    for (const id of matchIds) {
      const row = this.rows.get(id);
      if (row) found.set(id, loaded(row, this.journal.get(id)?.at(-1)));
    }
    return found;
  }

  findChanged(states: readonly MatchState[]): readonly string[] {
    return states
      .filter((believed) => {
        const row = this.rows.get(believed.matchId);
        return !row || !sameToReaders(row, believed);
      })
      .map(({ matchId }) => matchId);
  }

  write(writes: readonly ScoreWrite[], fence: number | null = null): ReadonlySet<number> {
    if (fence !== null && fence < this.fence) return new Set();
    for (const { next } of writes) {
      const code = this.poisoned.get(next.matchId);
      if (code !== undefined) throw databaseError(code);
    }
    return new Set(writes.flatMap((write, n) => (this.commit(write) ? [n] : [])));
  }

  private commit(write: ScoreWrite): boolean {
    const { matchId, epoch } = write.next;
    const before = this.rows.get(matchId);
    if (!before || this.locked.has(matchId) || !accepts(before, write)) return false;
    const after = written(before, write);
    this.rows.set(matchId, after);
    const { source, catchUp, atS } = write;
    const { version } = after;
    const entry = { matchId, epoch, version, source, catchUp, committedAtMs: atS * 1000, before, after };
    const entries = this.journal.get(matchId);
    if (entries) entries.push(entry);
    else this.journal.set(matchId, [entry]);
    this.committed(entry, before);
    return true;
  }
}
