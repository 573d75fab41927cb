import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Observable, Subject } from 'rxjs';
import type { ScoreUpdate } from '../domain/decide.js';
import { DecisionRing, type ScoreDecision } from './decision-ring.js';
import { RecentDecisions, type RecordedDecision } from './ports/recent-decisions.js';

const MATCHES = 1_000;
const PER_MATCH = 50;

/** Keeps {@link RecentDecisions} in memory. */
@Injectable()
export class DecisionMemory extends RecentDecisions {
  private readonly pulls = new Subject<RecordedDecision>();
  override readonly pulls$: Observable<RecordedDecision> = this.pulls;
  private readonly byMatch = new LRUCache<string, DecisionRing>({ max: MATCHES, dispose: (ring) => this.letGo(ring) });
  /** of the match that was let go last: with more matches than are kept one comes for every one that goes */
  private spare: DecisionRing | null = null;

  record(decision: ScoreDecision): void {
    this.ringOf(decision.update.matchId).add(decision);
    if (decision.update.delivery === 'pull') this.pulls.next(decision);
  }

  /** The change whose newest update this is was committed as that version. */
  committed({ matchId, score }: ScoreUpdate, version: number): void {
    this.byMatch.peek(matchId)?.committed(score, version);
  }

  override of(matchId: string): readonly RecordedDecision[] {
    return this.byMatch.get(matchId)?.list(matchId) ?? [];
  }

  private ringOf(matchId: string): DecisionRing {
    const known = this.byMatch.get(matchId);
    if (known) return known;
    const ring = this.spare ?? new DecisionRing(PER_MATCH);
    this.spare = null;
    this.byMatch.set(matchId, ring);
    return ring;
  }

  private letGo(ring: DecisionRing): void {
    ring.empty();
    this.spare = ring;
  }
}
