import type { MatchState } from '../../../src/domain/match-state.js';
import type { ScoreWrite } from '../../../src/score-writer/ports/score-store.js';
import { InMemoryScoreStore } from '../../../src/testing/in-memory-score-store.js';
import type { SeededRandom } from '../../../test/support/seeded-random.js';
import type { VirtualTime } from '../virtual-time.js';

const EVER = { alive: true };

/** The rows of the race: a statement takes effect at once, and its answer takes its time. */
export class RaceStore extends InMemoryScoreStore {
  private answering = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly chance: SeededRandom,
  ) {
    super();
  }

  override load(matchIds: readonly string[]): Promise<ReadonlyMap<string, MatchState>> {
    return this.late(super.load(matchIds));
  }

  override write(writes: readonly ScoreWrite[], fence?: number | null): Promise<ReadonlySet<number>> {
    return this.late(super.write(writes, fence));
  }

  /** Turns of the event loop, until nothing happens any more without time going by. */
  async turn(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.answering > 0);
  }

  private async late<T>(statement: Promise<T>): Promise<T> {
    this.answering += 1;
    const result = await statement;
    this.answering -= 1;
    await new Promise<void>((resolve) => this.time.after(1 + this.chance.next() ** 6 * 2_000, EVER, resolve));
    return result;
  }
}
