import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';
import { type Committed, CommittedChanges } from '../contracts/committed-changes.js';
import { type AnnouncedGoals, FOREIGN, type MatchState } from '../domain/match-state.js';

const MOST_MATCHES = 5_000;

interface Told {
  readonly epoch: number;
  /** of the commit that told of the newest goal, or took it back */
  readonly version: number;
  readonly announced: AnnouncedGoals;
}

/**
 * Remembers which goals this process told of each match, beyond lease and mailbox. A database that lost its newest commits
 * has a shortened journal, and clients that stayed connected have heard more than it knows.
 */
@Injectable()
export class ToldGoals implements OnApplicationShutdown {
  private readonly told = new LRUCache<string, Told>({ max: MOST_MATCHES });
  private readonly subscription: Subscription;

  constructor(changes: CommittedChanges) {
    this.subscription = changes.batches$.subscribe((batch) => this.remember(batch));
  }

  onApplicationShutdown(): void {
    this.subscription.unsubscribe();
  }

  /** The row with what was announced of it: of one that is behind what this process committed, what this process told. */
  over(row: MatchState): MatchState {
    const told = this.told.get(row.matchId);
    if (!told || row.epoch > told.epoch) return row;
    const isBehind = row.epoch < told.epoch || row.version < told.version;
    return isBehind ? { ...row, announced: told.announced } : row;
  }

  /** A row at the version that told of a goal, or above it, knows of the goal: other changes are not remembered. */
  private remember(batch: readonly Committed[]): void {
    for (const change of batch) {
      if (change.kind !== 'score' || change.source === FOREIGN) continue;
      const { matchId, epoch, version, before, after } = change;
      const { announced } = after;
      const isSame = announced.home === before.announced.home && announced.away === before.announced.away;
      if (!isSame || epoch !== before.epoch) this.told.set(matchId, { epoch, version, announced });
    }
  }
}
