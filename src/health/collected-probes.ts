import { Injectable } from '@nestjs/common';
import type { FeedFacts, HealthFacts, MatchFacts, ReadinessFacts } from '../contracts/health-facts.js';
import { type HealthProbe, HealthProbes } from '../contracts/health-probe.js';

/** The probes of this application, and what they say together. */
@Injectable()
export class CollectedProbes extends HealthProbes {
  private readonly probes: HealthProbe[] = [];

  override add(probe: HealthProbe): void {
    this.probes.push(probe);
  }

  override health(): HealthFacts {
    const parts = this.probes.map((probe) => probe.health());
    const feed: Partial<FeedFacts> = Object.assign({}, ...parts.map((part) => part.feed));
    const { feed: _, ...others } = Object.assign({}, ...parts) as HealthFacts;
    // what the feed is worth says nothing without its connection
    return feed.connected === undefined ? others : { ...others, feed: feed as FeedFacts };
  }

  async ready(): Promise<ReadinessFacts> {
    return Object.assign({}, ...(await Promise.all(this.probes.map((probe) => probe.ready()))));
  }

  match(matchId: string): MatchFacts {
    return Object.assign({}, ...this.probes.map((probe) => probe.match(matchId)));
  }
}
