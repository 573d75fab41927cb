import { type BoardRow, BoardStore, type JournalHead, type JournalHeads } from '../broadcast/ports/board-store.js';
import { comparePositions, type Position } from '../broadcast/ports/position.js';
import { isLive } from '../domain/match-status.js';
import type { Clock } from '../kernel/clock.js';

interface CommittedVersion {
  readonly matchId: string;
  readonly position: Position;
  readonly committedAtMs: number;
}

/** The store answers what gateways read, in memory, held to the same contract as PostgreSQL. */
export class InMemoryBoardStore extends BoardStore {
  /** statements that were asked, in order */
  readonly asked: ('current' | 'load' | 'heads')[] = [];
  /** awaited before each answer */
  answer: () => Promise<void> = async () => undefined;
  private readonly rows = new Map<string, BoardRow>();
  private readonly details = new Map<string, number>();
  private journal: readonly CommittedVersion[] = [];

  /** @param clock the database's own */
  constructor(private readonly clock: Clock) {
    super();
  }

  /** A row as it is now; nothing is journaled. */
  put(...rows: readonly BoardRow[]): void {
    for (const row of rows) this.rows.set(row.state.matchId, row);
  }

  remove(matchId: string): void {
    this.rows.delete(matchId);
  }

  /** A version in the journal; later ones may have been committed earlier, as they become visible. */
  journaled(matchId: string, position: Position, committedAtMs = this.clock.nowMs()): void {
    this.journal = [...this.journal, { matchId, position, committedAtMs }];
  }

  /** What was committed after the backup is gone. */
  forget(isForgotten: (version: CommittedVersion) => boolean): void {
    this.journal = this.journal.filter((version) => !isForgotten(version));
  }

  /** Incidents were announced, or predictions settled. */
  detailsMoved(matchId: string, atMs = this.clock.nowMs()): void {
    this.details.set(matchId, atMs);
  }

  override async current(withinMs: number, limit: number): Promise<readonly BoardRow[]> {
    this.asked.push('current');
    await this.answer();
    const changedAtMs = new Map<string, number>();
    for (const { matchId, committedAtMs } of this.since(withinMs)) {
      changedAtMs.set(matchId, Math.max(committedAtMs, changedAtMs.get(matchId) ?? 0));
    }
    return [...this.rows.values()]
      .filter(({ state }) => isLive(state.status) || changedAtMs.has(state.matchId))
      .sort((a, b) => (changedAtMs.get(b.state.matchId) ?? 0) - (changedAtMs.get(a.state.matchId) ?? 0))
      .slice(0, limit);
  }

  override async load(matchIds: readonly string[]): Promise<readonly BoardRow[]> {
    this.asked.push('load');
    await this.answer();
    return [...new Set(matchIds)].flatMap((matchId) => this.rows.get(matchId) ?? []);
  }

  override async heads(withinMs: number, limit: number): Promise<JournalHeads> {
    this.asked.push('heads');
    const found = this.since(withinMs);
    const sinceMs = this.clock.nowMs() - withinMs;
    const details = [...this.details].flatMap(([matchId, atMs]) => (atMs >= sinceMs ? [{ matchId, atMs }] : []));
    await this.answer();
    return { versions: headsOf(found.slice(-limit)), details, isCut: found.length >= limit };
  }

  /** In the order of commit. */
  private since(withinMs: number): readonly CommittedVersion[] {
    const sinceMs = this.clock.nowMs() - withinMs;
    return this.journal
      .filter(({ committedAtMs }) => committedAtMs >= sinceMs)
      .sort((a, b) => a.committedAtMs - b.committedAtMs);
  }
}

function headsOf(versions: readonly CommittedVersion[]): readonly JournalHead[] {
  const heads = new Map<string, JournalHead>();
  for (const { matchId, position, committedAtMs } of versions) {
    const known = heads.get(matchId);
    const first = known && comparePositions(known.first, position) < 0 ? known.first : position;
    const newest = !known || comparePositions(position, known.position) > 0 ? position : known.position;
    heads.delete(matchId);
    heads.set(matchId, { matchId, position: newest, first, committedAtMs });
  }
  return [...heads.values()];
}
