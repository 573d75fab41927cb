import type { SeededRandom } from '../../../test/support/seeded-random.js';
import { type LoadShape, planLoad } from '../../faults/model/load-plan.js';
import type { MatchHistory } from '../../faults/model/match-history.js';
import type { Message } from '../../faults/model/message.js';
import type { Truth } from '../../faults/model/truth.js';
import type { MatchDatabase } from '../../faults/parts/match-database.js';
import type { Publisher } from '../../faults/parts/publisher.js';

/** The corners that count the frames are believed up to 60. */
const SHAPE: LoadShape = { matches: 60, framesPerMatch: 50, unknownMatches: 0, repeats: 0.06, late: 0.04 };

/** Publishes matches, one handful after the other, at a steady rate until it is stopped. */
export class SteadyLoad {
  readonly histories: MatchHistory[] = [];
  private sent = 0;
  private isStopping = false;
  private running: Promise<void> = Promise.resolve();
  private startedAtMs = 0;
  private tookMs = 0;

  constructor(
    private readonly publisher: Publisher,
    private readonly database: MatchDatabase,
    private readonly truth: Truth,
    readonly perSecond: number,
    private readonly random: SeededRandom,
    private readonly signal: AbortSignal,
  ) {}

  start(): void {
    this.startedAtMs = performance.now();
    this.running = this.run();
    // told by `stop`
    this.running.catch(() => undefined);
  }

  get messages(): number {
    return this.sent;
  }

  /** as it was, not as it was meant to be */
  get rate(): number {
    return this.sent / (this.tookMs / 1_000);
  }

  /** Resolves when the broker has taken over the end of what was begun. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.running;
    this.tookMs = performance.now() - this.startedAtMs;
  }

  private async run(): Promise<void> {
    for (let nth = 0; !this.isStopping; nth++) {
      const plan = planLoad(`reload${nth}`, SHAPE, Math.floor(Date.now() / 1_000), this.random);
      for (const history of plan.histories) this.truth.add(history);
      this.histories.push(...plan.histories);
      await this.database.insertMatches(plan.histories.map(({ matchId }) => matchId));
      const before = (message: Message) => {
        this.sent += 1;
        this.truth.happened(message);
      };
      await this.publisher.start(plan, this.perSecond, before, this.signal).done;
    }
  }
}
