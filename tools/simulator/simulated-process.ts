import type { SeededRandom } from '../../test/support/seeded-random.js';
import type { Climate } from './climate.js';
import { Core } from './core.js';
import { DatabaseLink, type DatabaseWeather } from './database-link.js';
import type { RealTimeGuard } from './real-time-guard.js';
import { type Referee, SimulationFault } from './referee.js';
import type { SimulatedBroker } from './simulated-broker.js';
import type { SimulatedDatabase } from './simulated-database.js';
import { SimulatedDeadLetterStore } from './simulated-dead-letters.js';
import { SimulatedDetailsStore } from './simulated-details-store.js';
import { SimulatedFeedConnection } from './simulated-feed-connection.js';
import { SimulatedLiveMatches, SimulatedProvider } from './simulated-provider.js';
import { SimulatedScoreStore } from './simulated-score-store.js';
import type { Storyteller } from './storyteller.js';
import type { Trace } from './trace.js';
import { type Owner, type VirtualClock, VirtualScheduler, type VirtualTime } from './virtual-time.js';

/** The world as a process finds it. */
export interface Surroundings {
  readonly time: VirtualTime;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly climate: Climate;
  readonly weather: DatabaseWeather;
  readonly database: SimulatedDatabase;
  readonly broker: SimulatedBroker;
  readonly stories: Storyteller;
  readonly referee: Referee;
  readonly guard: RealTimeGuard;
  readonly trace: Trace;
  note(...words: readonly unknown[]): void;
  judge(rule: () => void): void;
}

/** One life of the process that runs the core. When it dies, everything it knew and waited for is gone. */
export class SimulatedProcess implements Owner {
  alive = true;
  readonly connection: SimulatedFeedConnection;
  private readonly link: DatabaseLink;
  private core: Core | null = null;
  private stopping = false;

  constructor(private readonly world: Surroundings) {
    const { time, weather, random, trace, broker, clock } = world;
    this.link = new DatabaseLink(time, this, weather, random, trace);
    this.connection = new SimulatedFeedConnection(time, this, clock, broker, random, trace);
  }

  get idle(): boolean {
    return this.core !== null && !this.stopping && this.core.inFlight === 0;
  }

  async start(): Promise<void> {
    const { world, link, connection } = this;
    world.note('START');
    const core = await world.guard.pause(() =>
      Core.start({
        clock: world.clock,
        scheduler: new VirtualScheduler(world.time, this, world.random),
        scores: new SimulatedScoreStore(world.database, link),
        letters: new SimulatedDeadLetterStore(world.database.letters, link),
        details: new SimulatedDetailsStore(world.database, link),
        connection,
        provider: new SimulatedProvider(world.time, this, world.clock, world.random, world.stories),
        liveMatches: new SimulatedLiveMatches(world.database, link),
        batchSize: world.climate.batchSize,
      }),
    );
    core.changes.batches$.subscribe((batch) => {
      if (this.alive) world.judge(() => world.referee.announced(batch));
    });
    this.core = core;
    await core.run();
  }

  /** As on SIGTERM: it may take a while. */
  stop(): void {
    if (!this.core || this.stopping) return;
    this.stopping = true;
    this.world.note('STOP');
    this.core.stop().then(
      () => {
        if (this.alive) this.world.note('stopped');
        this.alive = false;
      },
      (error: unknown) =>
        this.world.judge(() => {
          throw error;
        }),
    );
  }

  crash(): void {
    this.world.note('CRASH');
    this.die();
  }

  die(): void {
    this.connection.die();
    this.alive = false;
  }

  /** @throws SimulationFault when an update was lost, or has met two fates */
  checkBooks(): void {
    const balance = this.core?.balance();
    if (balance && balance.unaccounted !== 0)
      throw new SimulationFault(`The books do not balance: ${JSON.stringify(balance)}`);
  }
}
