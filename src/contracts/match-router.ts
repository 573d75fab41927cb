import type { MatchUpdate } from '../domain/match-update.js';
import type { FeedFrame, ReadFrame } from './feed-frame.js';
import type { Receipt, UpdateSink } from './update-sink.js';

/**
 * A route says which path the updates of a match take. `shadow`: the legacy path writes, the direct path only decides.
 */
export type MatchRoute = 'legacy' | 'shadow' | 'direct';

/**
 * The router stands between every source and the writer while the legacy path is being replaced; without it everything
 * goes the direct way. Port and injection token in one.
 */
export abstract class MatchRouter {
  /**
   * Takes all updates of one message, in order, and hands those of direct matches on to `direct`. Never throws, never
   * waits; nothing the legacy path does can hold up an update of a direct match. Updates that do not go the direct way
   * are concluded `legacy` or `shadow`.
   */
  abstract submit(updates: readonly MatchUpdate[], receipt: Receipt | undefined, direct: UpdateSink): void;
  /** A frame of the feed, right after its updates were submitted. Never throws, never waits. */
  arrived(_frame: FeedFrame, _read: ReadFrame): void {}

  /** The sink of every source, chosen when the application is composed: this router in front of the direct path. */
  sinkBefore(direct: UpdateSink): UpdateSink {
    return { submit: (updates, receipt) => this.submit(updates, receipt, direct) };
  }

  /**
   * May any match go another way than the legacy one? While it is false the package leaves `ts_matches` alone, even for
   * reading.
   */
  abstract readonly active: boolean;
  /** The route of a match right now. */
  abstract routeOf(matchId: string): MatchRoute;

  /** Does the match change path right now? Neither path has the last word about its row then. */
  isMoving(_matchId: string): boolean {
    return false;
  }
}
