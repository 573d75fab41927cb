import { LRUCache } from 'lru-cache';
import type { MatchClock } from '../../domain/match-minute.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import type { MatchDetails, ProvenState } from '../ports/match-frames.js';
import { comparePositions, type Position } from '../ports/position.js';
import type { VersionTold } from '../ports/told.js';
import { BoardEntry } from './board-entry.js';
import type { BroadcastBounds } from './broadcast-bounds.js';

/**
 * What a told version is to the board: `new` continues what is known; `known` is not newer; `restated` has the same position and
 * other content; `gap` leaves versions out.
 */
export type Judgement = 'new' | 'known' | 'restated' | 'gap';

/**
 * The board holds the newest state of each match that is current or was asked for. It is memory alone: nothing here waits.
 * Matches of long ago have places of their own: whoever asks for them pushes no current match out.
 */
export class MatchBoard {
  private readonly entries: LRUCache<string, BoardEntry>;
  private readonly past: LRUCache<string, BoardEntry>;
  /** rises with everything that a snapshot of all would show otherwise */
  revision = 0;

  constructor(
    private readonly bounds: BroadcastBounds,
    private readonly scheduler: Scheduler,
  ) {
    this.entries = new LRUCache({ max: bounds.maxMatches });
    this.past = new LRUCache({ max: bounds.maxMatches });
  }

  get(matchId: string): BoardEntry | undefined {
    return this.entries.get(matchId) ?? this.past.get(matchId);
  }

  /** The same, and it does not count as asked for. */
  peek(matchId: string): BoardEntry | undefined {
    return this.entries.peek(matchId) ?? this.past.peek(matchId);
  }

  *matchIds(): Iterable<string> {
    yield* this.entries.keys();
    yield* this.past.keys();
  }

  /** The matches of `all`: live, or changed lately. */
  *current(): Iterable<BoardEntry> {
    const nowMs = this.scheduler.monotonicMs();
    for (const entry of this.entries.values()) if (this.isCurrent(entry, nowMs)) yield entry;
  }

  judge(matchId: string, { position, state, previous }: VersionTold): Judgement {
    const entry = this.peek(matchId);
    if (!entry) return 'new';
    const order = comparePositions(position, entry.position);
    if (order < 0) return 'known';
    if (order === 0) return isSameState(state, entry.state) ? 'known' : 'restated';
    return comparePositions(previous, entry.position) > 0 ? 'gap' : 'new';
  }

  /** Takes a version that was judged, and says which position it continues here. */
  take(matchId: string, told: VersionTold): { readonly entry: BoardEntry; readonly previous: Position } {
    const nowMs = this.scheduler.monotonicMs();
    const { replayVersions } = this.bounds;
    this.revision += 1;
    const known = this.get(matchId);
    if (!known) {
      const entry = new BoardEntry(matchId, told.previous, told.state, told.clock, nowMs);
      entry.take(told, replayVersions, nowMs);
      this.entries.set(matchId, entry);
      return { entry, previous: told.previous };
    }
    const previous = known.position;
    const step = comparePositions(told.previous, previous);
    if (step > 0) known.forgetVersions();
    known.take(step < 0 ? { ...told, previous } : told, replayVersions, nowMs);
    this.keep(known);
    return { entry: known, previous };
  }

  /**
   * Takes a row as it was read. Of a match that is known only what stands beside its versions is taken: a newer version is
   * still to be told. A match of long ago is news to nobody but to who asked.
   * @param ageMs since the match changed last
   */
  takeRow(row: RowTaken, ageMs: number): BesideTaken {
    const known = this.get(row.matchId);
    const nowMs = this.scheduler.monotonicMs();
    const entry = known ?? new BoardEntry(row.matchId, row.position, row.state, row.clock, nowMs - ageMs);
    const isFirst = known?.isComplete !== true;
    const details = entry.takeBeside(row.beside, nowMs);
    if (!known && !this.isCurrent(entry, nowMs)) {
      this.past.set(row.matchId, entry);
      return { entry, isFirst: false, details: {} };
    }
    this.revision += 1;
    if (!known) this.entries.set(row.matchId, entry);
    return { entry, isFirst, details };
  }

  /** Takes a row that is older than what is known: the database lost its newest commits. */
  restore(row: RowTaken): BoardEntry {
    this.revision += 1;
    const entry = new BoardEntry(row.matchId, row.position, row.state, row.clock, this.scheduler.monotonicMs());
    entry.takeBeside(row.beside, this.scheduler.monotonicMs());
    this.keep(entry);
    return entry;
  }

  takeClock(matchId: string, clock: MatchClock): BoardEntry | null {
    const entry = this.get(matchId);
    if (!entry || isSameClock(entry.clock, clock)) return null;
    this.revision += 1;
    entry.takeClock(clock);
    return entry;
  }

  /** A match that changes is current. */
  private keep(entry: BoardEntry): void {
    if (!this.past.delete(entry.matchId) && this.entries.peek(entry.matchId) === entry) return;
    this.entries.set(entry.matchId, entry);
  }

  private isCurrent({ isLive, changedAtMs }: BoardEntry, nowMs: number): boolean {
    return changedAtMs >= nowMs - this.bounds.currentForMs || isLive;
  }
}

/** What stands beside the versions of a match was read. */
export interface BesideTaken {
  readonly entry: BoardEntry;
  /** it was not known before */
  readonly isFirst: boolean;
  /** the lists that changed */
  readonly details: Partial<MatchDetails>;
}

export interface RowTaken {
  readonly matchId: string;
  readonly position: Position;
  readonly state: ProvenState;
  readonly clock: MatchClock;
  readonly beside: Parameters<BoardEntry['takeBeside']>[0];
}

function isSameState(a: ProvenState, b: ProvenState): boolean {
  return (
    a.statusId === b.statusId &&
    a.homeScore === b.homeScore &&
    a.awayScore === b.awayScore &&
    a.scores.home.every((value, slot) => value === b.scores.home[slot]) &&
    a.scores.away.every((value, slot) => value === b.scores.away[slot]) &&
    a.kickoffs.firstHalf === b.kickoffs.firstHalf &&
    a.kickoffs.secondHalf === b.kickoffs.secondHalf &&
    a.kickoffs.overtime === b.kickoffs.overtime
  );
}

function isSameClock(a: MatchClock, b: MatchClock): boolean {
  return (
    a.period === b.period &&
    a.startedAt === b.startedAt &&
    a.normalSeconds === b.normalSeconds &&
    a.addedAnnouncedMinutes === b.addedAnnouncedMinutes &&
    a.running === b.running &&
    a.estimated === b.estimated
  );
}
