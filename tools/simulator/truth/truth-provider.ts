import { isLive } from '../../../src/domain/match-status.js';
import type { MatchUpdate } from '../../../src/domain/match-update.js';
import type { LiveSnapshot, ProviderApi } from '../../../src/provider/ports/provider-api.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import type { VirtualClock, VirtualTime } from '../virtual-time.js';
import type { Build } from './build.js';
import type { Moment } from './moment.js';
import { momentAt } from './publish.js';
import type { TruthMatch } from './truth-match.js';

/** What the provider answers: nothing at all, every match, with its update time, or only what it calls live. */
export const PROVIDERS = ['none', 'answers', 'answers-with-p', 'live-only'] as const;
export type ProviderKind = (typeof PROVIDERS)[number];

const FAILURE_RATE = 0.03;
const EVER = { alive: true };

/** The provider's REST API: it knows the truth, a little late, and fails now and then. */
export class TruthProvider implements ProviderApi {
  readonly enabled: boolean;
  private readonly decoded = new WeakMap<Moment, MatchUpdate>();

  constructor(
    private readonly kind: ProviderKind,
    private readonly build: Build,
    private readonly time: VirtualTime,
    private readonly clock: VirtualClock,
    private readonly seed: number,
    private readonly matches: readonly TruthMatch[],
  ) {
    this.enabled = kind !== 'none';
  }

  liveMatches(): Promise<LiveSnapshot> {
    const requestedAtMs = this.clock.nowMs();
    const fails = this.drawn(this.seed) < FAILURE_RATE;
    const { ProviderError } = this.build.parts;
    return new Promise((resolve, reject) => {
      this.time.after(50 + this.drawn(this.seed + 1) * 300, EVER, () => {
        if (fails) reject(new ProviderError('unreachable', 'The provider is away', { endpoint: 'live' }));
        else resolve({ updates: this.answers(requestedAtMs), rejected: 0, requestedAtMs });
      });
    });
  }

  private answers(requestedAtMs: number): readonly MatchUpdate[] {
    const nowMs = this.time.nowMs;
    return this.matches.flatMap((match) => {
      if (nowMs > match.horizonMs) return [];
      const moment = this.known(match, nowMs);
      if (!moment || (this.kind === 'live-only' && !isLive(moment.status))) return [];
      return [{ ...this.updateOf(match.id, moment), requestedAtMs, receivedAtMs: this.clock.nowMs() }];
    });
  }

  /** What it says at that time, out of its cache or from before it got stuck. */
  private known({ seed, moments, lag: { cacheMs, stuck } }: TruthMatch, nowMs: number): Moment | null {
    const isStuck = stuck && nowMs >= stuck.fromMs && nowMs < stuck.toMs;
    return momentAt(moments, (isStuck ? stuck.fromMs : nowMs) - this.drawn(seed) * cacheMs);
  }

  /** Chance that depends on nothing but the time: one match changes nothing for another. */
  private drawn(seed: number): number {
    return new SeededRandom(seed + Math.floor(this.time.nowMs / 1_000) * 7_919).next();
  }

  private updateOf(matchId: string, moment: Moment): MatchUpdate {
    const known = this.decoded.get(moment);
    if (known) return known;
    const { status, home, away, kickoffS, atS } = moment;
    const hasTime = this.kind === 'answers-with-p';
    const item = {
      id: matchId,
      score: [matchId, status, home, away, kickoffS],
      ...(hasTime && { update_time: atS + 1 }),
    };
    const origin = { source: 'api', delivery: 'pull', receivedAtMs: 0, requestedAtMs: 0 } as const;
    const [update] = this.build.parts.decodeItems({ code: 0, results: [item] }, origin).updates;
    if (!update) throw new Error(`The provider's answer about ${matchId} cannot be decoded`);
    this.decoded.set(moment, update);
    return update;
  }
}
