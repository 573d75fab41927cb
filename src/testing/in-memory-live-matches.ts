import { isLive, type MatchStatus } from '../domain/match-status.js';
import { type LiveMatch, LiveMatches } from '../feed-recovery/ports/live-matches.js';

/** The in-memory list keeps a match as this. */
export interface ListedMatch extends LiveMatch {
  readonly status: MatchStatus;
  /** planned kick-off, unix seconds */
  readonly kickoffS: number;
}

/** The list tells which matches are being played, in memory, held to the same contract as PostgreSQL. */
export class InMemoryLiveMatches extends LiveMatches {
  /** statements fail with this error; null: they work */
  failure: Error | null = null;
  /** how often the list was asked for */
  reads = 0;
  private readonly known = new Map<string, ListedMatch>();

  put(match: ListedMatch): void {
    this.known.set(match.matchId, match);
  }

  override async list(limit: number): Promise<readonly LiveMatch[]> {
    this.reads++;
    if (this.failure) throw this.failure;
    return [...this.known.values()]
      .filter(({ status }) => isLive(status))
      .sort((a, b) => b.kickoffS - a.kickoffS || (a.matchId < b.matchId ? -1 : 1))
      .slice(0, limit)
      .map(({ matchId, seenAtMs }) => ({ matchId, seenAtMs }));
  }
}
