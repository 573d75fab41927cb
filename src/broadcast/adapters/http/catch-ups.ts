import { LRUCache } from 'lru-cache';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { BroadcastFeed } from '../../broadcast-feed.js';

/** A stranger may name any position. */
const AGAIN_AFTER_MS = 1_000;
const MOST_MATCHES = 1_000;

/** Looks for newer versions of matches: not again within a second, however many ask. What is found comes as news. */
export class CatchUps {
  private readonly startedAtMs = new LRUCache<string, number>({ max: MOST_MATCHES });

  constructor(
    private readonly feed: BroadcastFeed,
    private readonly scheduler: Scheduler,
  ) {}

  start(matchId: string): void {
    const nowMs = this.scheduler.monotonicMs();
    const last = this.startedAtMs.get(matchId);
    if (last !== undefined && nowMs - last < AGAIN_AFTER_MS) return;
    this.startedAtMs.set(matchId, nowMs);
    void this.feed.catchUp(matchId);
  }
}
