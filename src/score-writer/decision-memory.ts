import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Observable, Subject } from 'rxjs';
import { RecentDecisions, type RecordedDecision } from './ports/recent-decisions.js';

const MATCHES = 1_000;
const PER_MATCH = 50;

/** Keeps {@link RecentDecisions} in memory. */
@Injectable()
export class DecisionMemory extends RecentDecisions {
  private readonly pulls = new Subject<RecordedDecision>();
  override readonly pulls$: Observable<RecordedDecision> = this.pulls;
  private readonly byMatch = new LRUCache<string, RecordedDecision[]>({ max: MATCHES });

  record(decision: RecordedDecision): void {
    this.writeDown(decision);
    if (decision.update.delivery === 'pull') this.pulls.next(decision);
  }

  override of(matchId: string): readonly RecordedDecision[] {
    return this.byMatch.get(matchId)?.slice(-PER_MATCH) ?? [];
  }

  private writeDown(decision: RecordedDecision): void {
    const matchId = decision.update.matchId;
    const list = this.byMatch.get(matchId);
    if (!list) {
      this.byMatch.set(matchId, [decision]);
      return;
    }
    if (list.length >= PER_MATCH * 2) list.splice(0, PER_MATCH);
    list.push(decision);
  }
}
