import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Observable, Subject } from 'rxjs';
import type { ScoreUpdate } from '../domain/decide.js';
import { RecentDecisions, type RecordedDecision } from './ports/recent-decisions.js';

/** A decision whose commit is written down when it comes. */
type Kept = { -readonly [Field in keyof RecordedDecision]: RecordedDecision[Field] };

const MATCHES = 1_000;
const PER_MATCH = 50;

/** Keeps {@link RecentDecisions} in memory. */
@Injectable()
export class DecisionMemory extends RecentDecisions {
  private readonly pulls = new Subject<RecordedDecision>();
  override readonly pulls$: Observable<RecordedDecision> = this.pulls;
  private readonly byMatch = new LRUCache<string, Kept[]>({ max: MATCHES });

  record(decision: RecordedDecision): void {
    this.writeDown(decision);
    if (decision.update.delivery === 'pull') this.pulls.next(decision);
  }

  /**
   * Notes the version that became of the newest update of a commit, and of those folded under it: they were judged against
   * the same version.
   */
  committed({ matchId, score }: ScoreUpdate, version: number): void {
    const list = this.byMatch.peek(matchId);
    if (!list) return;
    let last = list.length - 1;
    while (last >= 0 && (list[last]?.update.score !== score || list[last]?.outcome.kind !== 'applied')) last--;
    for (let n = last; n >= 0; n--) {
      const decision = list[n] as Kept;
      if (decision.outcome.kind !== 'applied') continue;
      if (decision.became !== undefined || decision.version !== list[last]?.version) return;
      decision.became = version;
    }
  }

  override of(matchId: string): readonly RecordedDecision[] {
    return this.byMatch.get(matchId)?.slice(-PER_MATCH) ?? [];
  }

  private writeDown(decision: RecordedDecision): void {
    const matchId = decision.update.matchId;
    const list = this.byMatch.get(matchId) ?? [];
    if (list.length === 0) this.byMatch.set(matchId, list);
    if (list.length >= PER_MATCH * 2) list.splice(0, PER_MATCH);
    list.push(decision);
  }
}
