import type { MatchState } from '../../../src/domain/match-state.js';
import type { ScoreStore, ScoreWrite } from '../../../src/score-writer/ports/score-store.js';
import type { JournalEntry } from '../../../src/testing/in-memory-score-row.js';
import type { Build } from './build.js';

/** The row of a match as readers see it from `atMs` on. */
export interface RowChange {
  /** virtual ms */
  readonly atMs: number;
  readonly status: MatchState['status'];
  readonly home: MatchState['home'];
  readonly away: MatchState['away'];
}

/** The match rows of one world, with everything that readers ever saw. Statements take no time and never fail. */
export class TruthStore implements ScoreStore {
  private readonly rows = new Map<string, MatchState>();
  private readonly newest = new Map<string, JournalEntry>();
  private readonly seen = new Map<string, RowChange[]>();

  constructor(
    private readonly rules: Build['parts'],
    private readonly nowMs: () => number,
  ) {}

  insert(matchId: string): void {
    this.rows.set(matchId, this.rules.emptyRow(matchId));
    this.seen.set(matchId, []);
  }

  /** oldest first */
  changesOf(matchId: string): readonly RowChange[] {
    return this.seen.get(matchId) ?? [];
  }

  async writeApart(write: ScoreWrite): Promise<boolean> {
    return (await this.write([write])).has(0);
  }

  async load(matchIds: readonly string[]): Promise<ReadonlyMap<string, MatchState>> {
    const found = new Map<string, MatchState>();
    for (const id of matchIds) {
      const row = this.rows.get(id);
      if (row) found.set(id, this.rules.loaded(row, this.newest.get(id)));
    }
    return found;
  }

  async findChanged(): Promise<readonly string[]> {
    return [];
  }

  /** Nobody else writes these rows. */
  async findLive(): Promise<readonly string[]> {
    return [];
  }

  async acceptForeign(): Promise<ReadonlySet<string>> {
    return new Set();
  }

  async write(writes: readonly ScoreWrite[]): Promise<ReadonlySet<number>> {
    return new Set(writes.flatMap((write, n) => (this.commit(write) ? [n] : [])));
  }

  private commit(write: ScoreWrite): boolean {
    const { next, source, catchUp } = write;
    const row = this.rows.get(next.matchId);
    if (!row || !this.rules.accepts(row, write)) return false;
    const after = this.rules.written(row, write);
    const { matchId, epoch } = next;
    this.rows.set(matchId, after);
    const change = { matchId, epoch, version: after.version, source, catchUp, before: row, after };
    this.newest.set(matchId, { ...change, committedAtMs: this.nowMs() });
    const { status, home, away } = after;
    this.seen.get(matchId)?.push({ atMs: this.nowMs(), status, home, away });
    return true;
  }
}
