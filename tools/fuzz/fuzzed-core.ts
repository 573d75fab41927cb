import type { Balance } from '../../src/kernel/accounting.js';
import { FeedConnection, type FeedListener } from '../../src/mqtt-ingest/ports/feed-connection.js';
import { KICKOFF_S } from '../../test/support/history.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { Core } from '../simulator/core.js';
import { DatabaseLink } from '../simulator/database-link.js';
import { SimulatedDatabase } from '../simulator/simulated-database.js';
import { SimulatedDetailsStore } from '../simulator/simulated-details-store.js';
import { SimulatedLiveMatches, SimulatedProvider } from '../simulator/simulated-provider.js';
import { SimulatedScoreStore } from '../simulator/simulated-score-store.js';
import { Trace } from '../simulator/trace.js';
import { type Owner, VirtualClock, VirtualScheduler, VirtualTime } from '../simulator/virtual-time.js';
import { CountingLetters } from './counting-letters.js';

const TOPIC = 'thesports/football/match/v1';
const ALIVE: Owner = { alive: true };

/** A connection by hand. */
class HandFedConnection extends FeedConnection {
  listener: FeedListener | null = null;
  tell = (): void => {};
  override open(listener: FeedListener): void {
    this.listener = listener;
  }
  override renew(): void {}
  override stopIntake(): void {}
  override async close(): Promise<void> {}
  override on(): void {}
  override client(): null {
    return null;
  }
}

/** The core on a database that never fails, fed with whatever bytes. */
export class FuzzedCore {
  readonly time = new VirtualTime();
  readonly clock = new VirtualClock(this.time, (KICKOFF_S + 7_200) * 1000);
  readonly database = new SimulatedDatabase();
  readonly letters: CountingLetters;
  acknowledged = 0;
  private readonly connection = new HandFedConnection();
  private readonly link: DatabaseLink;
  private readonly random: SeededRandom;
  private core: Core | null = null;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    const weather = { latencyMs: 0.5, faultRate: 0, away: 'no' } as const;
    this.link = new DatabaseLink(this.time, ALIVE, weather, this.random, new Trace());
    this.letters = new CountingLetters(this.link);
  }

  async start(): Promise<void> {
    const { time, clock, database, link, letters, connection, random } = this;
    this.core = await Core.start({
      clock,
      scheduler: new VirtualScheduler(time, ALIVE, random),
      scores: new SimulatedScoreStore(database, link),
      details: new SimulatedDetailsStore(database, link),
      letters,
      connection,
      provider: new SimulatedProvider(time, ALIVE, clock, random, { at: () => [] }),
      liveMatches: new SimulatedLiveMatches(database, link),
      batchSize: 200,
    });
    await this.core.run();
    connection.listener?.onSession({ resumed: false });
  }

  /** One message. Throws only what must never be thrown. */
  take(payload: Uint8Array): void {
    let acknowledged = false;
    const acknowledge = () => {
      if (acknowledged) throw new Error('A message was acknowledged twice');
      acknowledged = true;
      this.acknowledged++;
    };
    this.connection.listener?.onMessage(TOPIC, payload, { retain: false, dup: false, acknowledge });
  }

  /** Lets that much time pass, and everything happen that belongs to it. */
  async pass(ms: number): Promise<void> {
    let over = false;
    this.time.after(ms, ALIVE, () => {
      over = true;
    });
    while (!over && this.time.runNext()) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  /** Hours later everything that was played is over, and what was known of it in memory is given up. */
  async passTheNight(): Promise<void> {
    this.clock.stepMs += 7 * 3_600_000;
    await this.pass(61_000);
  }

  balance(): Balance {
    return (this.core as Core).balance();
  }

  async stop(): Promise<void> {
    const stopped = this.core?.stop();
    await this.pass(10_000);
    await stopped;
  }
}
