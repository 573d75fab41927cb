import { Injectable } from '@nestjs/common';
import { MatchLookups } from '../contracts/match-lookups.js';
import type { ScoreUpdate } from '../domain/decide.js';
import type { MatchState } from '../domain/match-state.js';
import type { Outcome } from '../domain/outcome.js';
import { PUSH_BEHIND_PULL } from '../domain/outcomes.js';
import { sameSlots, withKnownCorners } from '../domain/score.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

/**
 * Asks the provider about matches whose feed was refused or has no row. Only pushes ask: an answer that is refused
 * would ask again for ever. What is asked collects until the statement of the moment is on its way.
 */
@Injectable()
export class LookupRequests {
  /** match id and the time before which an answer could not be believed */
  private readonly wanted = new Map<string, number>();

  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly lookups: MatchLookups,
  ) {}

  /** The guard refused the update against this state. */
  refused(update: ScoreUpdate, outcome: Outcome, base: MatchState, nowMs: number): void {
    if (outcome.kind !== 'stale' && outcome.kind !== 'illegal') return;
    if (update.delivery !== 'push' || saysTheSame(update, base)) return;
    const saidAtMs = outcome === PUSH_BEHIND_PULL ? nowMs : (base.seenAtMs ?? nowMs);
    this.wanted.set(update.matchId, saidAtMs + this.options.restLagMs);
  }

  /** An operator took back what the feed had said. */
  reverted({ matchId, seenAtMs }: MatchState, nowMs: number): void {
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

function saysTheSame({ score }: ScoreUpdate, { status, home, away }: MatchState): boolean {
  return (
    score.status === status &&
    sameSlots(withKnownCorners(score.home, home), home) &&
    sameSlots(withKnownCorners(score.away, away), away)
  );
}
