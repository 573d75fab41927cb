import { KICKOFF_S } from '../../test/support/history.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { type Climate, drawClimate, frameTakesMs } from './climate.js';
import type { DatabaseWeather } from './database-link.js';
import type { MatchStory } from './match-story.js';
import type { RealTimeGuard } from './real-time-guard.js';
import { Referee, SimulationFault } from './referee.js';
import { type Frame, SimulatedBroker } from './simulated-broker.js';
import { SimulatedDatabase } from './simulated-database.js';
import { SimulatedProcess } from './simulated-process.js';
import { Storyteller } from './storyteller.js';
import type { Trace } from './trace.js';
import { type Owner, VirtualClock, VirtualTime } from './virtual-time.js';

const WORLD: Owner = { alive: true };
/**
 * Beyond this the provider pauses: a world that only falls behind shows nothing. What the broker holds comes within 3 s,
 * so that the answers of the provider are not ahead of it for long.
 */
const MOST_HELD = 300;
const DRAINED_MS = 3_000;
const MAX_CALM_MS = 20 * 60_000;
/** A row that appeared is found within 5 s. In a world that loses frames the provider is asked twice. */
const QUIET_MS = { usual: 10_000, lossy: 150_000 };

/** A provider, a broker, a database, and a process that takes the one to the other: all of it misbehaving. */
export class World {
  readonly time = new VirtualTime();
  readonly referee: Referee;
  readonly random: SeededRandom;
  readonly climate: Climate;
  readonly clock: VirtualClock;
  readonly database: SimulatedDatabase;
  readonly broker: SimulatedBroker;
  readonly weather: DatabaseWeather;
  readonly stories: Storyteller;
  private process: SimulatedProcess | null = null;
  private calm = false;
  private missingRows = 0;
  private readonly mostHeld: number;
  private fault: unknown = null;
  private steps = 0;

  constructor(
    readonly seed: number,
    readonly guard: RealTimeGuard,
    readonly trace: Trace,
  ) {
    this.random = new SeededRandom(seed);
    guard.nowMs = () => this.time.nowMs;
    const climate = drawClimate(this.random);
    this.climate = climate;
    this.mostHeld = Math.min(MOST_HELD, DRAINED_MS / frameTakesMs(climate));
    this.clock = new VirtualClock(this.time, KICKOFF_S * 1000);
    this.weather = { latencyMs: climate.databaseMs, faultRate: climate.faultRate, away: 'no' };
    this.database = new SimulatedDatabase((entry, before) => {
      this.note('committed', entry.matchId, entry.version);
      this.judge(() => this.referee.committed(entry, before));
    });
    this.referee = new Referee(this.database, (claim) => this.broker.holds(claim));
    const latencyMs = () => climate.networkMs * this.random.next();
    this.broker = new SimulatedBroker(this.time, climate.window, latencyMs, (frame) => {
      this.note('acknowledged', frame.about);
      this.judge(() => this.referee.acknowledged(frame));
    });
    this.stories = new Storyteller(this.time, this.random, climate, this.audience());
  }

  /** One event, and what follows from it at once; now and then a disaster before it. */
  async step(): Promise<void> {
    this.steps++;
    if (!this.calm) this.misbehave();
    if (!this.process?.alive) {
      this.process = new SimulatedProcess(this);
      await this.process.start();
    }
    while (!this.calm && this.stories.live < this.climate.matches && this.broker.held < this.mostHeld)
      this.stories.begin();
    if (!this.time.runNext()) throw new SimulationFault('Nothing happens any more');
    await this.guard.turn();
    if (this.steps % 16 === 0) this.judge(() => this.process?.checkBooks());
    this.guard.check();
    if (this.fault) throw this.fault;
  }

  /** Nothing goes wrong any more: everything published has to arrive. */
  async settle(): Promise<number> {
    this.calm = true;
    this.weather.away = 'no';
    this.weather.faultRate = 0;
    const untilMs = this.time.nowMs + MAX_CALM_MS;
    const quietForMs = this.climate.forget > 0 ? QUIET_MS.lossy : QUIET_MS.usual;
    let steps = 0;
    for (let quietMs = this.time.nowMs; this.time.nowMs - quietMs < quietForMs; steps++) {
      await this.step();
      if (!this.idle) quietMs = this.time.nowMs;
      if (this.time.nowMs > untilMs)
        throw new SimulationFault(`Not settled: the broker holds ${this.broker.held} frames`);
    }
    this.referee.settled();
    this.process?.checkBooks();
    return steps;
  }

  end(): void {
    this.process?.die();
  }

  note(...words: readonly unknown[]): void {
    this.trace.add(this.time.nowMs, ...words);
  }

  /** The referee speaks after the step: nobody inside the core may catch what he throws. */
  judge(rule: () => void): void {
    try {
      rule();
    } catch (error) {
      this.fault ??= error;
    }
  }

  private get idle(): boolean {
    return this.stories.live + this.missingRows === 0 && this.broker.held === 0 && (this.process?.idle ?? false);
  }

  private audience() {
    const { broker, database, referee, random, time, climate } = this;
    const world = this;
    return {
      get tired() {
        return !world.calm && broker.held > world.mostHeld;
      },
      begins: (story: MatchStory) => {
        const { matchId } = story;
        referee.begin(story);
        if (random.next() < climate.rowless) this.insertLater(matchId);
        else database.insert(matchId);
        if (random.next() >= climate.poisoned) return;
        time.after(
          random.next() * climate.frameEveryMs * 20,
          WORLD,
          () => void database.poisoned.set(matchId, '22003'),
        );
        referee.giveUp(matchId);
      },
      hears: (frame: Frame) => {
        this.note('published', frame.about);
        for (const claim of frame.about) referee.told(claim);
        broker.publish(frame);
      },
    };
  }

  private insertLater(matchId: string): void {
    this.missingRows++;
    this.time.after(this.random.next() * 20_000, WORLD, () => {
      this.missingRows--;
      this.database.insert(matchId);
    });
  }

  private misbehave(): void {
    const { climate, random } = this;
    const happens = (rate: number) => rate > 0 && random.next() < rate;
    if (happens(climate.crash)) this.process?.crash();
    if (happens(climate.stop)) this.process?.stop();
    if (happens(climate.cut)) this.process?.connection.cut();
    if (happens(climate.forget)) this.broker.forget();
    if (happens(climate.outage) && this.weather.away === 'no') this.outage();
    if (happens(climate.lock)) this.lock();
    if (happens(climate.clockStep)) this.clock.stepMs = (random.next() - 0.5) * 10_000;
  }

  private outage(): void {
    this.weather.away = this.random.pick(['refusing', 'silent'] as const);
    const lastsMs = 50 * 2 ** (this.random.next() * 9);
    this.note('database away', this.weather.away, lastsMs);
    this.time.after(lastsMs, WORLD, () => {
      this.weather.away = 'no';
    });
  }

  private lock(): void {
    const matchId = this.stories.anyMatchId();
    this.database.locked.add(matchId);
    this.time.after(5 * 2 ** (this.random.next() * 8), WORLD, () => void this.database.locked.delete(matchId));
  }
}
