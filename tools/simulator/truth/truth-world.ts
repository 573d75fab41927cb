import type { ScoreCommitted } from '../../../src/contracts/committed-changes.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import type { RealTimeGuard } from '../real-time-guard.js';
import { type Owner, VirtualClock, VirtualScheduler, VirtualTime } from '../virtual-time.js';
import { Announcements } from './announcements.js';
import type { Build } from './build.js';
import type { Line, Outage } from './faults/fault.js';
import { EPOCH_MS } from './moment.js';
import { TruthFeed } from './truth-feed.js';
import type { TruthMatch } from './truth-match.js';
import { type ProviderKind, TruthProvider } from './truth-provider.js';
import { type RowChange, TruthStore } from './truth-store.js';

const SNAPSHOT_AFTER_MS = 6_000;

/** What became of one match. */
export interface PlayedMatch {
  readonly match: TruthMatch;
  readonly rows: readonly RowChange[];
  readonly announced: Announcements;
}

export interface WorldPlan {
  readonly seed: number;
  readonly provider: ProviderKind;
  readonly line: Line;
  readonly outages: readonly Outage[];
  readonly matches: readonly TruthMatch[];
}

/** The real core of one build on virtual time, with matches that share nothing but it. */
export class TruthWorld {
  private readonly time = new VirtualTime();
  private readonly clock = new VirtualClock(this.time, EPOCH_MS);
  private readonly owner = { alive: true };
  private readonly random: SeededRandom;
  private readonly store: TruthStore;
  private readonly provider: TruthProvider;
  private readonly feed: TruthFeed;
  private readonly announced = new Map<string, Announcements>();

  constructor(
    private readonly build: Build,
    private readonly plan: WorldPlan,
    private readonly guard: RealTimeGuard,
  ) {
    const { time, clock } = this;
    guard.nowMs = () => time.nowMs;
    this.random = new SeededRandom(plan.seed);
    this.store = new TruthStore(build.parts, () => time.nowMs);
    this.provider = new TruthProvider(plan.provider, build, time, clock, plan.seed, plan.matches);
    this.feed = new TruthFeed(this.qos, () => clock.nowMs());
  }

  /** Plays every match to its horizon. */
  async run(): Promise<readonly PlayedMatch[]> {
    const { plan, guard, time } = this;
    const core = await guard.pause(() => this.start());
    for (const match of plan.matches) this.schedule(match, core);
    for (const outage of plan.outages) this.breakAt(outage, core);
    const untilMs = Math.max(...plan.matches.map(({ horizonMs }) => horizonMs));
    while (time.nowMs < untilMs && time.runNext()) await guard.turn();
    this.owner.alive = false;
    guard.check();
    await guard.pause(() => core.close());
    return plan.matches.map((match) => ({
      match,
      rows: this.store.changesOf(match.id),
      announced: this.announced.get(match.id) ?? new Announcements(),
    }));
  }

  private get qos(): 0 | 1 {
    return this.plan.line === 'qos0' ? 0 : 1;
  }

  private async start() {
    const { parts, Test, Logger } = this.build;
    const imports = [
      parts.ScoreWriterModule.forRoot({ driftCheckMs: 60_000 }),
      parts.ProviderModule.forRoot({}),
      parts.MqttIngestModule.forRoot({ qos: this.qos, clientId: 'simulated' }),
    ];
    const builder = Test.createTestingModule({ imports });
    const given = [
      [parts.Clock, this.clock],
      [parts.Scheduler, new VirtualScheduler(this.time, this.owner, this.random)],
      [parts.ScoreStore, this.store],
      [parts.ProviderApi, this.provider],
      [parts.FeedConnection, this.feed],
    ] as const;
    for (const [token, part] of given) builder.overrideProvider(token).useValue(part);
    const core = await builder.compile();
    Logger.overrideLogger(false);
    this.feed.tell = (signal) => core.get(parts.FeedSignals, { strict: false }).publish(signal);
    core.get(parts.CommittedChanges, { strict: false }).batches$.subscribe((batch) => {
      for (const change of batch) if (change.kind === 'score') this.announce(change);
    });
    core.get(parts.MqttFeedTransport, { strict: false }).listen(() => {});
    await core.init();
    return core;
  }

  private announce({ matchId, events }: ScoreCommitted): void {
    this.announced.get(matchId)?.add(events);
  }

  private schedule({ id, deliveries, snapshotsMs }: TruthMatch, core: Core): void {
    this.store.insert(id);
    this.announced.set(id, new Announcements());
    for (const delivery of deliveries) this.at(delivery.atMs, () => this.feed.arrives(id, delivery));
    for (const atMs of snapshotsMs) this.at(atMs, () => void this.snapshot(core, (matchId) => matchId === id));
  }

  private breakAt({ fromMs, toMs }: Outage, core: Core): void {
    this.at(fromMs, () => this.feed.lost());
    this.at(toMs, () => this.feed.connected(true));
    this.at(toMs + SNAPSHOT_AFTER_MS, () => void this.snapshot(core, () => true));
  }

  /** What recovery does after a gap: the provider's answers go into the writer unasked. */
  private async snapshot(core: Core, isWanted: (matchId: string) => boolean): Promise<void> {
    if (!this.provider.enabled) return;
    const { parts } = this.build;
    const { updates } = await this.provider.liveMatches().catch(() => ({ updates: [] }));
    const wanted = updates.filter(({ matchId }) => isWanted(matchId));
    core.get(parts.Accounting, { strict: false }).received(wanted.length);
    core.get(parts.UpdateSink, { strict: false }).submit(wanted);
  }

  private at(atMs: number, action: () => void): void {
    this.time.after(atMs - this.time.nowMs, this.owner satisfies Owner, action);
  }
}

type Core = Awaited<ReturnType<TruthWorld['start']>>;
