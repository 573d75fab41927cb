import { Injectable } from '@nestjs/common';
import { MatchLookups } from '../contracts/match-lookups.js';
import type { ScoreUpdate } from '../domain/decide.js';
import type { MatchState } from '../domain/match-state.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

/**
 * Asks the provider about matches whose feed was refused, whose row was reverted, or that have no row. What is asked
 * while updates are judged collects until the statement of the moment is on its way.
 */
@Injectable()
export class LookupRequests {
  /** match id and the time before which an answer could not be believed */
  private readonly wanted = new Map<string, number>();

  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly lookups: MatchLookups,
  ) {}

  /** The feed was refused, and an answer is worth asking for now. */
  ask(matchId: string, notBeforeMs: number): void {
    this.lookups.request(matchId, notBeforeMs);
  }

  /** The row is not what the feed had said: somebody else wrote it, or an operator took it back. */
  contradicted({ matchId, seenAtMs }: MatchState, nowMs: number): void {
    this.wanted.set(matchId, seenAtMs === null ? nowMs : Math.max(nowMs, seenAtMs + this.options.restLagMs));
  }

  parked(update: ScoreUpdate, nowMs: number): void {
    if (update.delivery === 'push') this.wanted.set(update.matchId, nowMs);
  }

  send(): void {
    if (this.wanted.size === 0) return;
    for (const [matchId, notBeforeMs] of this.wanted) this.lookups.request(matchId, notBeforeMs);
    this.wanted.clear();
  }
}
