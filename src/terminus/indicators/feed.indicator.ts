import { Injectable } from '@nestjs/common';
import type { Verdict } from '../adapters/terminus/terminus-adapter.js';
import { ABSENT, LiveScoreIndicator } from './live-score-indicator.js';

/**
 * The indicator tells whether the feed comes in. `down` without a subscription, `degraded` while something may be
 * missing. A quiet night is `up`, and so is a process that stands by. Made for an alarm: a host without a feed still
 * serves what is stored.
 */
@Injectable()
export class FeedIndicator extends LiveScoreIndicator {
  protected override readonly key = 'livescore_feed';

  protected override judge(): Verdict {
    const { feed, lease } = this.probes.health();
    if (!feed) return ABSENT;
    const facts = {
      feed: feed.state ?? (feed.subscribed ? 'subscribed' : 'down'),
      seconds_since_message: feed.seconds_since_message,
      messages_60s: feed.messages_60s,
    };
    if (lease?.held === false) return { state: 'up', facts: { ...facts, standby: true } };
    if (!feed.connected || !feed.subscribed) return { state: 'down', facts };
    const isWhole = feed.state === undefined || feed.state === 'live';
    return { state: isWhole ? 'up' : 'degraded', facts };
  }
}
