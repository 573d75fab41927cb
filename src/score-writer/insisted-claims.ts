import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { MatchUpdate } from '../domain/match-update.js';
import { Clock } from '../kernel/clock.js';

const INSISTED_TIMES = 3;
const INSISTED_MS = 60_000;
const FORGOTTEN_MS = 10 * 60_000;

interface Claim {
  readonly content: string;
  readonly sinceMs: number;
  readonly times: number;
}

/**
 * Matches whose feed insists on what the guard refuses: the same score and status pushed at least 3 times over at least
 * 60 s. The guard does not give in; health and `livescore explain` show it, so that somebody can look.
 */
@Injectable()
export class InsistedClaims {
  private readonly claims: LRUCache<string, Claim>;
  private readonly disputed: LRUCache<string, true>;

  constructor(clock: Clock) {
    const limits = { max: 1_000, ttl: FORGOTTEN_MS, ttlResolution: 0, perf: { now: () => clock.nowMs() } };
    this.claims = new LRUCache(limits);
    this.disputed = new LRUCache(limits);
  }

  /** A push was refused. */
  refused({ matchId, delivery, score }: MatchUpdate, atMs: number): void {
    if (delivery !== 'push' || !score) return;
    const content = `${score.status}:${score.home}:${score.away}`;
    const known = this.claims.get(matchId);
    const claim =
      known?.content === content ? { ...known, times: known.times + 1 } : { content, sinceMs: atMs, times: 1 };
    this.claims.set(matchId, claim);
    if (claim.times >= INSISTED_TIMES && atMs - claim.sinceMs >= INSISTED_MS) this.disputed.set(matchId, true);
  }

  /** Feed and row agree again. */
  agreed(matchId: string): void {
    if (this.claims.size === 0) return;
    this.claims.delete(matchId);
    this.disputed.delete(matchId);
  }

  has(matchId: string): boolean {
    return this.disputed.has(matchId);
  }

  get count(): number {
    return this.disputed.size;
  }
}
