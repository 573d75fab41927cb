import { Injectable } from '@nestjs/common';
import { MatchActivity } from './ports/match-activity.js';

const GENERATION = 5_000;

/**
 * Keeps {@link MatchActivity}: the last 5,000 matches at least and 10,000 at most. Two generations, since it is told of
 * every update and an exact order of use would cost more than all other books of the intake.
 */
@Injectable()
export class PushTimes extends MatchActivity {
  private recent = new Map<string, number>();
  private older: ReadonlyMap<string, number> = new Map();

  /** @param atMs our clock at receipt, unix ms */
  pushed(matchId: string, atMs: number): void {
    this.recent.set(matchId, atMs);
    if (this.recent.size < GENERATION) return;
    this.older = this.recent;
    this.recent = new Map();
  }

  override lastPushAtMs(matchId: string): number | null {
    return this.recent.get(matchId) ?? this.older.get(matchId) ?? null;
  }
}
