import { Injectable } from '@nestjs/common';
import type { Explanation, MatchFacts } from '../contracts/explain-facts.js';
import { CollectedProbes } from './collected-probes.js';
import { InternalSecret } from './internal-secret.js';

const NOTHING_KNOWN: Required<Omit<MatchFacts, 'format' | 'stale'>> = { disputed: false, feed: null, decisions: [] };

/**
 * The answer says why each of the last 50 frames of a match was applied or not. The route stands in front of the host's
 * guards, so it answers only who shows the {@link InternalSecret}: anybody else learns nothing, from wherever.
 */
@Injectable()
export class ExplainAnswer {
  constructor(
    private readonly probes: CollectedProbes,
    private readonly secret: InternalSecret,
  ) {}

  /** @param secret the header `X-Internal-Secret`. @returns null for those who know none */
  to(secret: unknown, matchId: string): Explanation | null {
    return this.secret.opensFor(secret) ? this.explain(matchId) : null;
  }

  /** For hosts that answer behind a guard of their own. */
  explain(matchId: string): Explanation {
    return { matchId, ...NOTHING_KNOWN, ...this.probes.match(matchId) };
  }
}
