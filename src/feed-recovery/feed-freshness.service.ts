import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { ResolvedFeedRecoveryOptions } from './feed-recovery.options.js';
import { LiveMatchWatch } from './live-match-watch.js';

/**
 * The feed of a match is `live` or `no-feed`. `live`: the feed speaks of the match. `no-feed`: it is being played, but
 * its score may be frozen.
 */
export type MatchFeed = 'live' | 'no-feed';

export interface FreshnessCounts {
  /** matches that are being played; null while this process does not take the feed */
  readonly live: number | null;
  /** of these, how many the feed does not speak of */
  readonly noFeed: number | null;
}

/**
 * The service tells whether the score of a match can be believed to be of now. Minor leagues have no feed at all: that
 * is shown.
 */
@Injectable()
export class FeedFreshness {
  constructor(
    private readonly clock: Clock,
    private readonly watch: LiveMatchWatch,
    private readonly options: ResolvedFeedRecoveryOptions,
  ) {}

  /**
   * `live` when the feed mentioned the match within `noFeedAfterMs`, otherwise `no-feed`; null when the match is not
   * being played, or when this process does not take the feed and cannot know.
   */
  of(matchId: string): MatchFeed | null {
    return this.watch.has(matchId) ? this.feedOf(matchId, this.clock.nowMs()) : null;
  }

  counts(): FreshnessCounts {
    if (this.watch.lastReadAtMs === null) return { live: null, noFeed: null };
    const nowMs = this.clock.nowMs();
    let noFeed = 0;
    for (const matchId of this.watch.matchIds) if (this.feedOf(matchId, nowMs) === 'no-feed') noFeed++;
    return { live: this.watch.count, noFeed };
  }

  private feedOf(matchId: string, nowMs: number): MatchFeed {
    const lastPushAtMs = this.watch.lastPushAtMs(matchId);
    return lastPushAtMs !== null && nowMs - lastPushAtMs <= this.options.noFeedAfterMs ? 'live' : 'no-feed';
  }
}
