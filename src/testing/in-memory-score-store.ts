import type { MatchState } from '../domain/match-state.js';
import { isLive } from '../domain/match-status.js';
import { type AcceptedRow, ScoreStore, type ScoreWrite } from '../score-writer/ports/score-store.js';
import {
  acceptedRow,
  accepts,
  changedElsewhere,
  emptyRow,
  fingerprintOf,
  type JournalEntry,
  loaded,
  sameToReaders,
  written,
} from './in-memory-score-row.js';
import { attempt, databaseError, type StoreFault } from './store-fault.js';

/** A fault of the store strikes one of these statements. */
export type StoreOperation = 'load' | 'findChanged' | 'findLive' | 'accept' | 'write';

/**
 * The store keeps `ts_matches` and the journal in memory, held to the same contract as PostgreSQL, and able to
 * misbehave like it: locked rows, refused and lost statements, answers that come late, rows changed by somebody else. A
 * statement takes effect when it is called; its answer comes in a later turn of the event loop.
 */
export class InMemoryScoreStore extends ScoreStore {
  /** every committed change, in commit order */
  readonly journal: JournalEntry[] = [];
  /** statements that arrived, failed ones included */
  readonly statements: Record<StoreOperation, number> = {
    load: 0,
    findChanged: 0,
    findLive: 0,
    accept: 0,
    write: 0,
  };
  /** match ids of each write statement, in order */
  readonly batches: (readonly string[])[] = [];
  private readonly rows = new Map<string, MatchState>();
  private readonly locked = new Set<string>();
  private readonly poisoned: Readonly<Record<'load' | 'write', Map<string, string>>> = {
    load: new Map(),
    write: new Map(),
  };
  private readonly faults: Partial<Record<StoreOperation, StoreFault>> = {};
  private readonly gates = new Map<StoreOperation, Promise<void>>();
  private leaseFence = 0;

  /** A new fixture row. */
  insert(matchId: string, fields: Partial<MatchState> = {}): void {
    this.rows.set(matchId, changedElsewhere(emptyRow(matchId), fields));
  }

  remove(matchId: string): void {
    this.rows.delete(matchId);
  }

  /** The row as it is now; undefined when there is none. */
  row(matchId: string): MatchState | undefined {
    return this.rows.get(matchId);
  }

  /** Somebody else's plain UPDATE: the version stays unless it is among the changes. */
  change(matchId: string, changes: Partial<MatchState>): void {
    const row = this.rows.get(matchId);
    if (!row) throw new Error(`No row ${matchId}`);
    this.rows.set(matchId, changedElsewhere(row, changes));
  }

  /** @returns the end of the foreign transaction that holds the row */
  lock(matchId: string): () => void {
    this.locked.add(matchId);
    return () => void this.locked.delete(matchId);
  }

  /** The row as an operator's revert leaves it, with its journal row. @returns false when somebody holds it */
  takeBack(matchId: string, after: MatchState, committedAtMs: number): boolean {
    const before = this.rows.get(matchId);
    if (!before || this.locked.has(matchId)) return false;
    this.rows.set(matchId, after);
    const { epoch, version } = after;
    this.journal.push({ matchId, epoch, version, source: 'revert', catchUp: false, committedAtMs, before, after });
    return true;
  }

  /** The lease of the feed has this fence now: writes with a lower one write nothing. */
  setFence(fence: number): void {
    this.leaseFence = fence;
  }

  /** Every statement of that kind with this match is refused as a whole, with this SQLSTATE. */
  poison(matchId: string, code: string, operation: 'load' | 'write' = 'write'): void {
    this.poisoned[operation].set(matchId, code);
  }

  /** No statement is refused because of this match any more. */
  cure(matchId: string): void {
    this.poisoned.load.delete(matchId);
    this.poisoned.write.delete(matchId);
  }

  fail(operation: StoreOperation, fault: StoreFault): void {
    this.faults[operation] = fault;
  }

  heal(operation: StoreOperation): void {
    delete this.faults[operation];
  }

  /** @returns lets the answers go: of statements called meanwhile, effect and result are those of the call */
  hold(operation: StoreOperation): () => void {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.gates.set(operation, gate);
    return () => {
      if (this.gates.get(operation) === gate) this.gates.delete(operation);
      release();
    };
  }

  override load(matchIds: readonly string[]): Promise<ReadonlyMap<string, MatchState>> {
    return this.answer('load', () => {
      this.refusePoisoned('load', matchIds);
      const rows = new Map<string, MatchState>();
      for (const id of matchIds) {
        const row = this.rows.get(id);
        const past = this.past(id);
        if (row) rows.set(id, loaded(row, past.at(-1), past));
      }
      return rows;
    });
  }

  override findChanged(states: readonly MatchState[]): Promise<readonly string[]> {
    return this.answer('findChanged', () =>
      states.flatMap((believed) => {
        const row = this.rows.get(believed.matchId);
        return row && sameToReaders(row, believed) ? [] : [believed.matchId];
      }),
    );
  }

  override findLive(limit: number): Promise<readonly string[]> {
    const live = [...this.rows.values()].filter(({ status }) => isLive(status));
    return this.answer('findLive', () => live.slice(0, limit).map(({ matchId }) => matchId));
  }

  override acceptForeign(
    accepted: readonly AcceptedRow[],
    atS: number,
    fence: number | null = null,
  ): Promise<ReadonlySet<string>> {
    return this.answer('accept', () => {
      if (fence !== null && fence < this.leaseFence) return new Set<string>();
      return new Set(accepted.flatMap((row) => (this.accept(row, atS) ? [row.next.matchId] : [])));
    });
  }

  override write(writes: readonly ScoreWrite[], fence: number | null = null): Promise<ReadonlySet<number>> {
    const matchIds = writes.map(({ next }) => next.matchId);
    this.batches.push(matchIds);
    return this.answer('write', () => {
      this.refusePoisoned('write', matchIds);
      if (fence !== null && fence < this.leaseFence) return new Set();
      return new Set(writes.flatMap((write, n) => (this.commit(write) ? [n] : [])));
    });
  }

  private accept(accepted: AcceptedRow, atS: number): boolean {
    const { matchId, epoch } = accepted.next;
    const row = this.rows.get(matchId);
    if (!row || this.locked.has(matchId) || fingerprintOf(row) !== accepted.fingerprint) return false;
    const after = acceptedRow(row, accepted, atS);
    this.rows.set(matchId, after);
    const entry = { matchId, epoch, version: after.version, source: 'foreign', catchUp: false } as const;
    this.journal.push({ ...entry, committedAtMs: atS * 1000, before: row, after });
    return true;
  }

  private async answer<T>(operation: StoreOperation, effect: () => T): Promise<T> {
    this.statements[operation]++;
    const gate = this.gates.get(operation);
    const fault = this.nextFault(operation);
    const result = attempt(() => {
      if (fault && !fault.takesEffect) throw databaseError(fault.code);
      return effect();
    });
    await gate;
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (fault?.takesEffect) throw databaseError(fault.code);
    return result();
  }

  private refusePoisoned(operation: 'load' | 'write', matchIds: readonly string[]): void {
    const code = matchIds.map((id) => this.poisoned[operation].get(id)).find((found) => found !== undefined);
    if (code !== undefined) throw databaseError(code);
  }

  private nextFault(operation: StoreOperation): StoreFault | undefined {
    const fault = this.faults[operation];
    if (!fault) return undefined;
    const left = (fault.times ?? Number.POSITIVE_INFINITY) - 1;
    if (left > 0) this.faults[operation] = { ...fault, times: left };
    else delete this.faults[operation];
    return fault;
  }

  private commit(write: ScoreWrite): boolean {
    const { matchId, epoch } = write.next;
    const row = this.rows.get(matchId);
    if (!row || this.locked.has(matchId) || !accepts(row, write)) return false;
    const after = written(row, write);
    this.rows.set(matchId, after);
    this.journal.push({
      matchId,
      epoch,
      version: after.version,
      source: write.source,
      catchUp: write.catchUp,
      committedAtMs: write.atS * 1000,
      before: row,
      after,
    });
    return true;
  }

  private past(matchId: string): readonly JournalEntry[] {
    return this.journal.filter((entry) => entry.matchId === matchId);
  }
}
