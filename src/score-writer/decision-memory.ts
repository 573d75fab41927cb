import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';

/** One judged update, kept for `livescore explain`. */
export interface RecordedDecision {
  readonly atMs: number;
  readonly update: MatchUpdate;
  readonly outcome: Outcome;
  /** row version the update was judged against; null when there was no row */
  readonly version: number | null;
}

const MATCHES = 1_000;
const PER_MATCH = 50;

/** The last 50 decisions of each of the 1,000 most recently active matches, in memory. */
@Injectable()
export class DecisionMemory {
  private readonly byMatch = new LRUCache<string, RecordedDecision[]>({ max: MATCHES });

  record(decision: RecordedDecision): void {
    const matchId = decision.update.matchId;
    const list = this.byMatch.get(matchId);
    if (!list) {
      this.byMatch.set(matchId, [decision]);
      return;
    }
    if (list.length >= PER_MATCH * 2) list.splice(0, PER_MATCH);
    list.push(decision);
  }

  /** Oldest first, at most 50. */
  of(matchId: string): readonly RecordedDecision[] {
    return this.byMatch.get(matchId)?.slice(-PER_MATCH) ?? [];
  }
}
