import type { MatchFacts } from './explain-facts.js';
import type { FeedFacts, FeedStateFacts, HealthFacts, InternalFacts, ReadinessFacts } from './health-facts.js';

/** A feature's part of `feed`: the connection is one feature's, what it is worth another one's. */
export type HealthPart = Omit<HealthFacts, 'feed'> & { readonly feed?: FeedFacts | FeedStateFacts };

/** Who collects the probes of an application. Port and injection token in one; absent without the health module. */
export abstract class HealthProbes {
  abstract add(probe: HealthProbe): void;

  /** What all of them say together. Never throws. */
  abstract health(): HealthFacts;

  /** The same for readiness. Never rejects. */
  abstract ready(): Promise<ReadinessFacts>;

  /** The same for who shows the internal secret. Never throws. */
  abstract internal(): InternalFacts;
}

/**
 * A probe lets one feature report itself: the feature's module provides it, and it registers as soon as it is made. It
 * answers from memory. Only {@link ready} may wait for a first answer, and that for a bounded time.
 */
export abstract class HealthProbe {
  constructor(probes?: HealthProbes) {
    probes?.add(this);
  }

  /** For `GET /health`. */
  health(): HealthPart {
    return {};
  }

  /** For `GET /ready`. Never rejects. */
  ready(): ReadinessFacts | Promise<ReadinessFacts> {
    return {};
  }

  /** For the routes behind the internal secret. */
  internal(): InternalFacts {
    return {};
  }

  /** For `GET /livescore/explain/:matchId`. */
  match(_matchId: string): MatchFacts {
    return {};
  }
}

/** How long ago, in seconds, three decimals; null for never. */
export function ageS(atMs: number | null, nowMs: number): number | null {
  return atMs === null ? null : Math.max(0, Math.round(nowMs - atMs)) / 1000;
}
