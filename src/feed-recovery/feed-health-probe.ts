import { Injectable, Optional } from '@nestjs/common';
import type { MatchFacts } from '../contracts/explain-facts.js';
import type { FeedStateFacts, ReadinessFacts } from '../contracts/health-facts.js';
import { ageS, type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { Clock } from '../kernel/clock.js';
import { FeedFreshness } from './feed-freshness.service.js';
import { FeedMonitor } from './feed-monitor.service.js';

/** The recovery reports what the feed is worth, as a whole and for one match. */
@Injectable()
export class FeedHealthProbe extends HealthProbe {
  constructor(
    private readonly monitor: FeedMonitor,
    private readonly freshness: FeedFreshness,
    private readonly clock: Clock,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    return { feed: stateFacts(this.monitor, this.freshness, this.clock.nowMs()) };
  }

  override ready(): ReadinessFacts {
    return { feed: { state: this.monitor.state } };
  }

  override match(matchId: string): MatchFacts {
    return { feed: this.freshness.of(matchId) };
  }
}

function stateFacts(monitor: FeedMonitor, freshness: FeedFreshness, nowMs: number): FeedStateFacts {
  const { state, lastAtMs, lastError } = monitor.recoveryFacts;
  const { live, noFeed } = freshness.counts();
  return {
    state: monitor.state,
    since: new Date(monitor.sinceMs).toISOString(),
    watermark_age_s: ageS(monitor.watermarkMs, nowMs),
    recovery: { state, last_at: lastAtMs === null ? null : new Date(lastAtMs).toISOString(), last_error: lastError },
    live_matches: live,
    no_feed: noFeed,
  };
}
