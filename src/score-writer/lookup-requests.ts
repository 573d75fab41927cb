import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
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
  private lookups: MatchLookups | null | undefined;

  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly modules: ModuleRef,
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
    // whoever answers submits to the writer: found late, since each needs the other
    if (this.lookups === undefined) this.lookups = this.find();
    for (const [matchId, notBeforeMs] of this.wanted) this.lookups?.request(matchId, notBeforeMs);
    this.wanted.clear();
  }

  private find(): MatchLookups | null {
    try {
      return this.modules.get(MatchLookups, { strict: false });
    } catch {
      return null;
    }
  }
}

function saysTheSame({ score }: ScoreUpdate, { status, home, away }: MatchState): boolean {
  return (
    score.status === status &&
    sameSlots(withKnownCorners(score.home, home), home) &&
    sameSlots(withKnownCorners(score.away, away), away)
  );
}
