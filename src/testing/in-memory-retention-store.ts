import type { Clock } from '../kernel/clock.js';
import {
  type PrunedBatch,
  type RetainedKind,
  RetentionStore,
  type TableSize,
} from '../retention/ports/retention-store.js';

const DAY_MS = 86_400_000;

/** A row of a table has an age, and may have to stay. */
export interface AgedRow {
  readonly atMs: number;
  /** what must stay whatever its age: of a match that goes on or waits for something, a letter to be tried again, a deletion that holds */
  readonly stays?: boolean;
  /** of what belongs to a match */
  readonly matchId?: string;
}

/** The table that each kind is gone through by. */
const TABLES: Readonly<Record<RetainedKind, string>> = {
  journal: 'livescore_journal',
  announcements: 'livescore_announced',
  progress: 'livescore_settlement_match',
  withdrawn: 'livescore_withdrawn_incident',
  disputes: 'livescore_format_dispute',
  verdicts: 'livescore_settlement',
  letters: 'livescore_dead_letter',
  decisions: 'livescore_rollout_decision',
  comparisons: 'livescore_shadow',
  deletions: 'livescore_sync_deleted',
  questions: 'livescore_sync_asked',
};
/** Goes as a whole, or not. */
const BY_MATCH: readonly RetainedKind[] = ['journal', 'announcements', 'verdicts'];
/** Goes after the journal of its match only. */
const AFTER_JOURNAL: readonly RetainedKind[] = ['announcements', 'progress', 'withdrawn', 'disputes', 'verdicts'];

/**
 * The store keeps what is kept for a time, in memory, held to the same contract as PostgreSQL. One batch is all there
 * is.
 */
export class InMemoryRetentionStore extends RetentionStore {
  /** table → rows */
  readonly tables = new Map<string, readonly AgedRow[]>();

  /** @param clock the database's own */
  constructor(private readonly clock: Clock) {
    super();
  }

  rows(kind: RetainedKind): readonly AgedRow[] {
    return this.tables.get(TABLES[kind]) ?? [];
  }

  add(kind: RetainedKind, ...rows: readonly AgedRow[]): void {
    this.tables.set(TABLES[kind], [...this.rows(kind), ...rows]);
  }

  override async prune(kind: RetainedKind, days: number): Promise<PrunedBatch> {
    const found = this.found(kind, days);
    for (const [table, gone] of found) {
      const rows = this.tables.get(table) ?? [];
      this.tables.set(
        table,
        rows.filter((row) => !gone.includes(row)),
      );
    }
    return toBatch(found);
  }

  override async count(kind: RetainedKind, days: number): Promise<PrunedBatch> {
    return toBatch(this.found(kind, days));
  }

  override async sizes(): Promise<readonly TableSize[]> {
    return [...this.tables].sort().map(([table, rows]) => ({
      table,
      rows: rows.length,
      bytes: 0,
      oldestS: rows.length > 0 ? (this.clock.nowMs() - Math.min(...rows.map(({ atMs }) => atMs))) / 1000 : null,
    }));
  }

  /** table → rows that are too old and may go */
  private found(kind: RetainedKind, days: number): ReadonlyMap<string, readonly AgedRow[]> {
    const limitMs = this.clock.nowMs() - days * DAY_MS;
    const rows = this.rows(kind);
    const stay = (row: AgedRow) => row.stays === true || row.atMs >= limitMs;
    const matches = BY_MATCH.includes(kind) ? new Set(rows.filter(stay).map(({ matchId }) => matchId)) : new Set();
    const journal = new Set(AFTER_JOURNAL.includes(kind) ? this.rows('journal').map(({ matchId }) => matchId) : []);
    const gone = rows.filter((row) => !stay(row) && !matches.has(row.matchId) && !journal.has(row.matchId));
    const found = new Map([[TABLES[kind], gone]]);
    if (kind === 'journal') {
      const over = new Set(gone.map(({ matchId }) => matchId));
      for (const other of ['announcements', 'progress'] as const) {
        found.set(
          TABLES[other],
          this.rows(other).filter(({ matchId }) => over.has(matchId)),
        );
      }
    }
    return found;
  }
}

function toBatch(found: ReadonlyMap<string, readonly AgedRow[]>): PrunedBatch {
  return { rows: Object.fromEntries([...found].map(([table, rows]) => [table, rows.length])), after: null };
}
