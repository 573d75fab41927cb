import type { MatchUpdate } from '../../../src/domain/match-update.js';
import type { Clock } from '../../../src/kernel/clock.js';
import { type LiveSnapshot, ProviderApi } from '../../../src/provider/ports/provider-api.js';
import {
  type ListAnswer,
  type ListRequest,
  type ProviderItem,
  ProviderLists,
} from '../../../src/provider/ports/provider-lists.js';
import { ProviderError } from '../../../src/provider/provider.errors.js';
import { decodeItems } from '../../../src/thesports/decode-message.js';
import type { SeededRandom } from '../../../test/support/seeded-random.js';
import { EPOCH_MS, type Moment } from '../truth/moment.js';
import { momentAt } from '../truth/publish.js';
import type { VirtualTime } from '../virtual-time.js';
import type { RaceMatch } from './race-match.js';

/** How the provider answers, ms. */
export interface RaceManners {
  /** what an answer about live matches says is up to that old */
  readonly cacheMs: number;
  /** the same of a list of fixtures */
  readonly listCacheMs: number;
  readonly slowestMs: number;
  /** of a request, 0–1 */
  readonly failureRate: number;
}

export const STALE_AND_SLOW: RaceManners = {
  cacheMs: 30_000,
  listCacheMs: 30_000,
  slowestMs: 30_000,
  failureRate: 0.03,
};

const EVER = { alive: true };

/** What the provider's REST API knows, which of its nodes answers, and how long that takes. */
export class RaceAnswers {
  answered = 0;

  constructor(
    private readonly time: VirtualTime,
    readonly clock: Clock,
    private readonly chance: SeededRandom,
    readonly matches: readonly RaceMatch[],
    readonly manners: RaceManners,
  ) {}

  /** Half of the way there, half of it back; most answers are quick. */
  answer<T>(endpoint: string, build: (requestedAtMs: number) => T): Promise<T> {
    const requestedAtMs = this.clock.nowMs();
    const tookMs = 30 + this.chance.next() ** 4 * (this.manners.slowestMs - 30);
    const thereMs = tookMs * this.chance.next();
    const fails = this.chance.next() < this.manners.failureRate;
    return new Promise((resolve, reject) => {
      this.time.after(thereMs, EVER, () => {
        const answer = build(requestedAtMs);
        this.time.after(tookMs - thereMs, EVER, () => {
          this.answered += 1;
          if (fails) reject(new ProviderError('unreachable', 'The provider is away', { endpoint }));
          else resolve(answer);
        });
      });
    });
  }

  /** The same match may be older in the next answer: another node has another cache. */
  known({ moments }: RaceMatch, cacheMs: number): Moment | null {
    const ageMs = this.chance.next() < 0.4 ? 0 : this.chance.next() * cacheMs;
    return momentAt(moments, this.time.nowMs - ageMs);
  }
}

/** `/match/detail_live` of the race: every match, and for a while after its end. */
export class RaceApi extends ProviderApi {
  override readonly enabled = true;

  constructor(private readonly answers: RaceAnswers) {
    super();
  }

  override liveMatches(): Promise<LiveSnapshot> {
    const { answers } = this;
    return answers
      .answer('/match/detail_live', (requestedAtMs) => ({ requestedAtMs, items: this.items() }))
      .then(({ requestedAtMs, items }) => {
        const origin = {
          source: 'api',
          delivery: 'pull',
          receivedAtMs: answers.clock.nowMs(),
          requestedAtMs,
        } as const;
        const { updates, rejections } = decodeItems({ code: 0, results: items }, origin);
        if (rejections.length > 0) throw new Error('An answer of the race cannot be decoded');
        return { updates: updates as readonly MatchUpdate[], rejected: 0, requestedAtMs };
      });
  }

  private items() {
    const { answers } = this;
    return answers.matches.flatMap((match) => {
      const moment = answers.known(match, answers.manners.cacheMs);
      if (!moment) return [];
      const { status, home, away, kickoffS, atS } = moment;
      return [
        { id: match.id, score: [match.id, status, home, away, kickoffS], ...(match.isDated && { update_time: atS }) },
      ];
    });
  }
}

/** The recent list and the diary of the race, one page each. */
export class RaceLists extends ProviderLists {
  override readonly enabled = true;

  constructor(private readonly answers: RaceAnswers) {
    super();
  }

  override ask({ endpoint, params }: ListRequest): Promise<ListAnswer> {
    return this.answers.answer(endpoint, (requestedAtMs) => ({
      items: params?.page === 1 ? this.items(Number(params.time ?? 0)) : [],
      groups: new Map(),
      extra: new Map(),
      refused: 0,
      requestedAtMs,
    }));
  }

  private items(sinceS: number): readonly ProviderItem[] {
    const { answers } = this;
    return answers.matches.flatMap((match) => {
      const moment = answers.known(match, answers.manners.listCacheMs);
      if (!moment || (match.isDated && moment.atS < sinceS)) return [];
      const { status, home, away, atS } = moment;
      return [
        {
          id: match.id,
          match_time: EPOCH_MS / 1000 + 300,
          competition_id: 'c1',
          home_team_id: `${match.id}h`,
          away_team_id: `${match.id}a`,
          status_id: status,
          home_scores: home,
          away_scores: away,
          ...(match.isDated && { updated_at: atS }),
        },
      ];
    });
  }
}
