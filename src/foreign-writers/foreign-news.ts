import { Injectable, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import type { MatchState } from '../domain/match-state.js';
import { displayScore } from '../domain/score.js';
import { ForeignChanges } from '../score-writer/ports/foreign-changes.js';
import { MatchStates } from '../score-writer/ports/match-states.js';
import { ScoreStore } from '../score-writer/ports/score-store.js';
import type { ForeignWrite, RowBefore } from './ports/foreign-write-store.js';
import { TrueRows } from './true-rows.js';

/**
 * Tells clients what an administrator changed, or what was taken back, in matches that the writer does not follow: in
 * those it follows, the drift check does. After what was held off the true row is told again.
 */
@Injectable()
export class ForeignNews {
  constructor(
    private readonly store: ScoreStore,
    private readonly states: MatchStates,
    private readonly changes: ForeignChanges,
    private readonly trueRows: TrueRows,
    @Optional() private readonly router?: MatchRouter,
  ) {}

  async tell(writes: readonly ForeignWrite[]): Promise<void> {
    for (const { matchId, result } of writes) if (result === 'held-off') this.trueRows.heldOff(matchId);
    await this.tellOthers(writes);
    await this.trueRows.tell();
  }

  private async tellOthers(writes: readonly ForeignWrite[]): Promise<void> {
    const first = new Map<string, RowBefore>();
    for (const write of writes) {
      if (this.isNews(write) && !first.has(write.matchId)) first.set(write.matchId, write.before);
    }
    if (first.size === 0) return;
    const rows = await this.store.load([...first.keys()]);
    for (const [matchId, row] of rows) {
      const believed = this.states.peek(matchId);
      if (this.changes.knows(row) || (believed && believed.version !== row.version)) continue;
      this.changes.publish(asBefore(row, first.get(matchId) as RowBefore), row);
    }
  }

  /** Of matches on the legacy path only what undoes our own words. */
  private isNews({ matchId, result }: ForeignWrite): boolean {
    if (result === 'reverted') return true;
    return result === 'admin' && (this.router?.routeOf(matchId) ?? 'direct') === 'direct';
  }
}

/** The row as clients saw it before, as far as that was noted. */
function asBefore(row: MatchState, { status, home, away }: RowBefore): MatchState {
  return {
    ...row,
    version: row.version - 1,
    status,
    home: home ?? row.home,
    away: away ?? row.away,
    shown: {
      home: home ? displayScore(home) : row.shown.home,
      away: away ? displayScore(away) : row.shown.away,
    },
  };
}
