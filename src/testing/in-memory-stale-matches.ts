import { isLive, MatchStatus } from '../domain/match-status.js';
import {
  type ListedMark,
  type MarkedMatch,
  StaleMatches,
  type StuckMark,
  type WatchedMatch,
} from '../sync/ports/stale-matches.js';

/** This store holds a match row as this. */
export interface WatchedRow extends Omit<WatchedMatch, 'mark' | 'lastSignS'> {
  /** times at which anybody wrote score or status, or the feed was heard with them, unix seconds */
  readonly signsS: readonly number[];
  /** as readers are shown it, `2-1` */
  readonly score: string;
}

const DAY_S = 86_400;
const AHEAD_S = 60;

/**
 * The store keeps the matches to watch and what was noted about them, in memory, held to the same contract as
 * PostgreSQL.
 */
export class InMemoryStaleMatches extends StaleMatches {
  /** the rows of all matches, by match */
  readonly rows = new Map<string, WatchedRow>();
  /** of the lease of the feed */
  fence = 0;
  private readonly marks = new Map<string, StuckMark>();

  /** @param nowMs the database's clock, unix ms */
  constructor(private readonly nowMs: () => number = Date.now) {
    super();
  }

  override async read(nowS: number, limit: number): Promise<readonly WatchedMatch[]> {
    const sorted = [...this.rows.values()].sort(byStart);
    const live = sorted.filter(({ status }) => isLive(status)).slice(0, limit);
    const overdue = sorted.filter((row) => isOverdue(row, nowS)).slice(0, limit);
    return [...live, ...overdue].map(({ signsS, score: _, ...match }) => {
      const signs = signsS.filter((atS) => atS > 0 && atS <= nowS + AHEAD_S);
      const lastSignS = signs.length === 0 ? null : Math.max(...signs);
      return { ...match, lastSignS, mark: this.marks.get(match.matchId) ?? null };
    });
  }

  override async save(
    marks: readonly MarkedMatch[],
    cleared: readonly string[],
    nowS: number,
    fence: number | null,
  ): Promise<readonly { readonly matchId: string; readonly reason: string }[]> {
    if (fence !== null && fence < this.fence) return [];
    for (const { matchId, ...mark } of marks) this.marks.set(matchId, mark);
    const noted = new Set(marks.map(({ matchId }) => matchId));
    const gone = [...this.marks].filter(([matchId]) => {
      const row = this.rows.get(matchId);
      const isWatched = row !== undefined && (isLive(row.status) || isOverdue(row, nowS));
      return !noted.has(matchId) && (cleared.includes(matchId) || !isWatched);
    });
    for (const [matchId] of gone) this.marks.delete(matchId);
    return gone.map(([matchId, { reason }]) => ({ matchId, reason }));
  }

  override async list(limit: number): Promise<readonly ListedMark[]> {
    const marks = [...this.marks].map(([matchId, mark]): ListedMark => {
      const row = this.rows.get(matchId);
      const ageMs = Math.max(0, this.nowMs() - mark.sinceMs);
      return { matchId, ...mark, status: row?.status ?? null, score: row?.score ?? null, ageMs };
    });
    return marks.sort(byGravity).slice(0, limit);
  }
}

function isOverdue({ status, matchTimeS }: WatchedRow, nowS: number): boolean {
  return status === MatchStatus.NotStarted && matchTimeS !== null && matchTimeS < nowS && matchTimeS >= nowS - DAY_S;
}

/** Newest first; one without a time, too. */
function byStart(a: WatchedRow, b: WatchedRow): number {
  const [x, y] = [a.matchTimeS ?? Number.MAX_SAFE_INTEGER, b.matchTimeS ?? Number.MAX_SAFE_INTEGER];
  return y - x || (a.matchId < b.matchId ? -1 : 1);
}

function byGravity(a: ListedMark, b: ListedMark): number {
  const isStale = Number(a.staleAtMs === null) - Number(b.staleAtMs === null);
  return isStale || a.sinceMs - b.sinceMs || (a.matchId < b.matchId ? -1 : 1);
}
