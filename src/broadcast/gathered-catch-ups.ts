import type { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import type { BroadcastFeed } from './broadcast-feed.js';

/** Positions ahead of ours are looked up together, so often at most: a stranger may name any position. */
const GATHER_MS = 100;
const MOST_MATCHES = 500;

interface Asked {
  readonly answer: Promise<boolean>;
  readonly settle: (isAnswered: boolean) => void;
}

/**
 * Looks for newer versions of the matches that clients are ahead of: one look for all who ask within 100 ms, which is time for the bus,
 * too. Those beyond 500 matches are not answered.
 */
export class GatheredCatchUps {
  private asked = new Map<string, Asked>();
  private readonly timer: Timer;

  constructor(
    private readonly feed: Pick<BroadcastFeed, 'catchUp'>,
    scheduler: Scheduler,
  ) {
    this.timer = new Timer(scheduler);
  }

  /** @returns false when nobody could be asked */
  look(matchId: string): Promise<boolean> {
    const known = this.asked.get(matchId);
    if (known) return known.answer;
    if (this.asked.size >= MOST_MATCHES) return Promise.resolve(false);
    let settle: Asked['settle'] = () => undefined;
    const answer = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    this.asked.set(matchId, { answer, settle });
    if (!this.timer.isSet) this.timer.set(GATHER_MS, () => this.ask());
    return answer;
  }

  /** Who waits is not answered. */
  close(): void {
    this.timer.stop();
    for (const { settle } of this.asked.values()) settle(false);
    this.asked.clear();
  }

  private ask(): void {
    const asked = this.asked;
    this.asked = new Map();
    for (const [matchId, { settle }] of asked) void this.feed.catchUp(matchId).then(settle);
  }
}
