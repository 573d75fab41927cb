import { Injectable, Logger } from '@nestjs/common';
import type { MatchFacts } from '../contracts/explain-facts.js';
import type {
  FeedFacts,
  FeedStateFacts,
  HealthFacts,
  InternalFacts,
  ReadinessFacts,
} from '../contracts/health-facts.js';
import { type HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { SampledWarning } from '../kernel/sampled-warning.js';

/** Said of a feature whose readiness cannot be told. */
const UNTOLD: ReadinessFacts = { db: { ok: false, error: 'a probe failed' } };

/** The probes of this application, and what they say together. One that throws says nothing, and a warning names it. */
@Injectable()
export class CollectedProbes extends HealthProbes {
  private readonly warning = new SampledWarning(new Logger('Health'), 'A probe failed');
  private readonly probes: HealthProbe[] = [];

  override add(probe: HealthProbe): void {
    this.probes.push(probe);
  }

  override health(): HealthFacts {
    const parts = this.told((probe) => probe.health());
    const feed: Partial<FeedFacts> = Object.assign({}, ...parts.map((part): FeedPart => part.feed));
    const { feed: _, ...others } = Object.assign({}, ...parts) as HealthFacts;
    // what the feed is worth says nothing without its connection
    return feed.connected === undefined ? others : { ...others, feed: feed as FeedFacts };
  }

  override async ready(): Promise<ReadinessFacts> {
    const parts = await Promise.all(this.probes.map((probe) => this.readyOf(probe)));
    // whichever feature comes last: what cannot be told is not well
    return Object.assign({}, ...parts, parts.includes(UNTOLD) ? UNTOLD : {});
  }

  override internal(): InternalFacts {
    return Object.assign({}, ...this.told((probe) => probe.internal()));
  }

  match(matchId: string): MatchFacts {
    return Object.assign({}, ...this.told((probe) => probe.match(matchId)));
  }

  private told<Part>(ask: (probe: HealthProbe) => Part): Part[] {
    return this.probes.flatMap((probe) => {
      try {
        return [ask(probe)];
      } catch (error) {
        this.failed(probe, error);
        return [];
      }
    });
  }

  private async readyOf(probe: HealthProbe): Promise<ReadinessFacts> {
    try {
      return await probe.ready();
    } catch (error) {
      this.failed(probe, error);
      return UNTOLD;
    }
  }

  /** The error's own words may carry addresses: only its class is told. */
  private failed(probe: HealthProbe, error: unknown): void {
    const kind = error instanceof Error ? error.name : typeof error;
    this.warning.warn({ probe: probe.constructor.name, error: kind });
  }
}

type FeedPart = FeedFacts | FeedStateFacts | undefined;
