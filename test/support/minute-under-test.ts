import { type Committed, CommittedChanges, type MinuteCommitted } from '../../src/contracts/committed-changes.js';
import { type MatchRoute, MatchRouter } from '../../src/contracts/match-router.js';
import { WriteFence } from '../../src/contracts/write-fence.js';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { FollowedMatches } from '../../src/minute/followed-matches.js';
import { FormatWatch } from '../../src/minute/format-watch.js';
import { MatchFormats } from '../../src/minute/match-formats.js';
import { type MinuteOptions, resolveMinuteOptions } from '../../src/minute/minute.options.js';
import { MinuteComparison } from '../../src/minute/minute-comparison.js';
import { MinuteHold } from '../../src/minute/minute-hold.js';
import { MinutePass } from '../../src/minute/minute-pass.js';
import { MinuteSettings } from '../../src/minute/minute-settings.js';
import { MinuteTick } from '../../src/minute/minute-tick.js';
import type { ScheduleRegistration } from '../../src/schedule/ports/schedule-registration.js';
import { InMemoryMinuteStore } from '../../src/testing/index.js';
import { FakeLease } from './fake-lease.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from './virtual-scheduler.js';

/** unix seconds at which the virtual time begins */
export const MINUTE_T = 1_768_660_000;

class Routes extends MatchRouter {
  readonly active = true;
  constructor(private readonly routes: Readonly<Record<string, MatchRoute>>) {
    super();
  }
  override submit(): void {}
  override routeOf(matchId: string): MatchRoute {
    return this.routes[matchId] ?? 'direct';
  }
}

interface Surroundings {
  readonly routes?: Readonly<Record<string, MatchRoute>>;
  readonly registration?: ScheduleRegistration;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The minute module on virtual time, with rows in memory. */
export class MinuteUnderTest {
  readonly time = new VirtualTime();
  readonly clock = new VirtualClock(this.time, MINUTE_T * 1000);
  readonly store = new InMemoryMinuteStore();
  readonly lease = new FakeLease(5);
  readonly changes = new CommittedChanges();
  readonly metrics = new LiveScoreMetrics();
  readonly batches: (readonly MinuteCommitted[])[] = [];
  readonly followed: FollowedMatches;
  readonly formats: MatchFormats;
  readonly settings: MinuteSettings;
  readonly comparison: MinuteComparison;
  readonly tick: MinuteTick;
  private readonly watch: FormatWatch;

  constructor(options: MinuteOptions, { routes, registration, environment = {} }: Surroundings = {}) {
    const resolved = resolveMinuteOptions(options, environment);
    const scheduler = new VirtualScheduler(this.time);
    const router = routes && new Routes(routes);
    const right = new WriteFence(this.lease);
    this.formats = new MatchFormats(resolved);
    this.followed = new FollowedMatches(this.formats);
    this.settings = new MinuteSettings(
      resolved,
      this.store,
      this.formats,
      scheduler,
      this.clock,
      new EventLog(this.clock),
      router,
    );
    this.comparison = new MinuteComparison(this.metrics, new EventLog(this.clock));
    const { store, followed, comparison, changes, clock, metrics } = this;
    const pass = new MinutePass(store, followed, comparison, right, changes, clock, metrics, router);
    const hold = new MinuteHold(resolved, store, right, scheduler);
    this.tick = new MinuteTick(resolved, this.settings, pass, right, scheduler, hold, registration, router);
    this.watch = new FormatWatch(changes, followed, this.settings, new EventLog(clock));
    changes.batches$.subscribe((batch) => {
      const minutes = batch.filter((change): change is MinuteCommitted => change.kind === 'minute');
      if (minutes.length > 0) this.batches.push(minutes);
    });
  }

  async start(): Promise<this> {
    await this.settings.onModuleInit();
    await this.tick.onApplicationBootstrap();
    return this;
  }

  async stop(): Promise<void> {
    await this.tick.onModuleDestroy();
    await this.settings.onModuleDestroy();
    this.watch.onApplicationShutdown();
  }

  async passS(seconds: number): Promise<void> {
    await this.time.advance(seconds * 1000);
  }

  commit(...batch: readonly Committed[]): void {
    this.changes.publish(batch);
  }

  /** A match in its first half since `playedS` seconds. */
  firstHalf(matchId: string, playedS: number, row: object = {}): void {
    const kickoffs = { firstHalfS: MINUTE_T - playedS, secondHalfS: null, overtimeS: null };
    this.store.put(matchId, { status: 2, kickoffs, fallbackKickoffS: MINUTE_T, ...row });
  }
}
