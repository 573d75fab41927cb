import { timingSafeEqual } from 'node:crypto';
import { Injectable, Optional } from '@nestjs/common';
import type { Explanation, MatchFacts } from '../contracts/health-facts.js';
import { HostKey } from '../contracts/host-key.js';
import { CollectedProbes } from './collected-probes.js';
import { ResolvedHealthOptions } from './health.options.js';

const NOTHING_KNOWN: Required<Omit<MatchFacts, 'format' | 'stale'>> = { disputed: false, feed: null, decisions: [] };

/**
 * Why each of the last 50 frames of a match was applied or not. The route stands in front of the host's guards, so it
 * answers only who shows the internal secret or the key of this process: anybody else learns nothing, from wherever.
 */
@Injectable()
export class ExplainAnswer {
  private readonly secrets: readonly Buffer[];

  constructor(
    private readonly probes: CollectedProbes,
    { internalSecret }: ResolvedHealthOptions,
    @Optional() key?: HostKey,
  ) {
    this.secrets = [internalSecret, key?.value].flatMap((secret) => (secret ? [Buffer.from(secret)] : []));
  }

  /** @param secret the header `X-Internal-Secret`. @returns null for those who know none */
  to(secret: unknown, matchId: string): Explanation | null {
    return this.knows(secret) ? this.explain(matchId) : null;
  }

  /** For hosts that answer behind a guard of their own. */
  explain(matchId: string): Explanation {
    return { matchId, ...NOTHING_KNOWN, ...this.probes.match(matchId) };
  }

  private knows(given: unknown): boolean {
    if (typeof given !== 'string') return false;
    const shown = Buffer.from(given);
    return this.secrets.some((secret) => secret.length === shown.length && timingSafeEqual(secret, shown));
  }
}
