import { isLive } from '../../src/domain/match-status.js';
import { JournalWatermark } from '../../src/feed-recovery/ports/journal-watermark.js';
import { type LiveMatch, LiveMatches } from '../../src/feed-recovery/ports/live-matches.js';
import type { Clock } from '../../src/kernel/clock.js';
import { type LiveSnapshot, ProviderApi } from '../../src/provider/ports/provider-api.js';
import { ProviderError } from '../../src/provider/provider.errors.js';
import { decodeItems } from '../../src/thesports/decode-message.js';
import type { SeededRandom } from '../../test/support/seeded-random.js';
import type { DatabaseLink } from './database-link.js';
import type { Saying } from './match-story.js';
import type { SimulatedDatabase } from './simulated-database.js';
import type { Owner, VirtualTime } from './virtual-time.js';

/** The provider keeps its answers for a while: what it says may be that old, ms. */
const MOST_AGE_MS = 15_000;
const FAILURE_RATE = 0.1;

/** What was true at some time. */
export interface Almanac {
  /** everything played then or lately, as the provider would say it */
  at(timeMs: number): readonly Saying[];
}

/** The provider's REST API, as one process reaches it. */
export class SimulatedProvider extends ProviderApi {
  override readonly enabled = true;

  constructor(
    private readonly time: VirtualTime,
    private readonly process: Owner,
    private readonly clock: Clock,
    private readonly random: SeededRandom,
    private readonly almanac: Almanac,
  ) {
    super();
  }

  override liveMatches(): Promise<LiveSnapshot> {
    const requestedAtMs = this.clock.nowMs();
    const fails = this.random.next() < FAILURE_RATE;
    const ageMs = this.random.next() * MOST_AGE_MS;
    return new Promise((resolve, reject) => {
      this.time.after(20 + this.random.next() * 400, this.process, () => {
        if (fails) reject(new ProviderError('unreachable', 'The simulated provider is away', { endpoint: 'live' }));
        else resolve(this.answer(this.time.nowMs - ageMs, requestedAtMs));
      });
    });
  }

  private answer(trueAtMs: number, requestedAtMs: number): LiveSnapshot {
    const items = this.almanac.at(trueAtMs).map(({ tuple, providerTimeS }) => ({
      id: tuple[0],
      score: tuple,
      ...(providerTimeS !== null && { update_time: providerTimeS }),
    }));
    const receivedAtMs = this.clock.nowMs();
    const origin = { source: 'api', delivery: 'pull', receivedAtMs, requestedAtMs } as const;
    const { updates, rejections } = decodeItems({ code: 0, results: items }, origin);
    return { updates, rejected: rejections.length, requestedAtMs };
  }
}

/** Which matches are being played, as the database says. */
export class SimulatedLiveMatches extends LiveMatches {
  constructor(
    private readonly database: SimulatedDatabase,
    private readonly link: DatabaseLink,
  ) {
    super();
  }

  override list(limit: number): Promise<readonly LiveMatch[]> {
    return this.link.request('list live matches', () =>
      this.database
        .all()
        .filter(({ status }) => isLive(status))
        .slice(0, limit)
        .map(({ matchId, seenAtMs }) => ({ matchId, seenAtMs })),
    );
  }
}

/** Nothing is known from before. */
export class EmptyWatermark extends JournalWatermark {
  override async newestReceivedAtMs(): Promise<null> {
    return null;
  }
}
