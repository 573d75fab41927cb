import { CommittedChanges } from '../../src/contracts/committed-changes.js';
import type { IngestLease, LeaseTerm } from '../../src/contracts/ingest-lease.js';
import { type Receipt, UpdateSink } from '../../src/contracts/update-sink.js';
import type { MatchUpdate } from '../../src/domain/match-update.js';
import type { Outcome } from '../../src/domain/outcome.js';
import { DUPLICATE } from '../../src/domain/outcomes.js';
import { FeedFreshness } from '../../src/feed-recovery/feed-freshness.service.js';
import { FeedMonitor } from '../../src/feed-recovery/feed-monitor.service.js';
import { type FeedRecoveryOptions, resolveFeedRecoveryOptions } from '../../src/feed-recovery/feed-recovery.options.js';
import { FeedReport } from '../../src/feed-recovery/feed-report.js';
import { FeedSigns } from '../../src/feed-recovery/feed-signs.js';
import type { FeedStateChanged } from '../../src/feed-recovery/feed-state-changed.js';
import { LiveMatchWatch } from '../../src/feed-recovery/live-match-watch.js';
import { JournalWatermark } from '../../src/feed-recovery/ports/journal-watermark.js';
import { type LiveMatch, LiveMatches } from '../../src/feed-recovery/ports/live-matches.js';
import { RecoveryRuns } from '../../src/feed-recovery/recovery-runs.js';
import { SnapshotRecovery } from '../../src/feed-recovery/snapshot-recovery.js';
import { Subscriptions } from '../../src/feed-recovery/subscriptions.js';
import { Watermark } from '../../src/feed-recovery/watermark.js';
import { Accounting } from '../../src/kernel/accounting.js';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { FeedSignalStream } from '../../src/mqtt-ingest/feed-signal-stream.js';
import { PushTimes } from '../../src/mqtt-ingest/push-times.js';
import { UnacknowledgedBacklog } from '../../src/mqtt-ingest/unacknowledged-backlog.js';
import { type LiveSnapshot, ProviderApi } from '../../src/provider/ports/provider-api.js';
import { resolveScoreWriterOptions } from '../../src/score-writer/score-writer.options.js';
import { toUpdate } from '../support/history.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';

/** Answers what it was told, or fails as it was told. */
export class FakeProvider extends ProviderApi {
  enabled = true;
  /** when the requests left, ms since the start */
  readonly requests: number[] = [];
  updates: readonly MatchUpdate[] = [];
  rejected = 0;
  failure: unknown = null;
  /** how long an answer takes, ms */
  answersAfterMs = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly clock: VirtualClock,
  ) {
    super();
  }

  override async liveMatches(): Promise<LiveSnapshot> {
    this.requests.push(this.time.nowMs);
    const requestedAtMs = this.clock.nowMs();
    if (this.answersAfterMs > 0) {
      await new Promise<void>((resolve) => this.time.after(this.answersAfterMs, resolve));
    }
    if (this.failure) throw this.failure;
    return { updates: this.updates, rejected: this.rejected, requestedAtMs };
  }
}

/** Settles at once, unless told to keep everything open. */
export class FakeSink extends UpdateSink {
  readonly submitted: MatchUpdate[] = [];
  keepsOpen = false;
  outcome: Outcome = DUPLICATE;
  private readonly open: [MatchUpdate, Receipt | undefined][] = [];

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    this.submitted.push(...updates);
    this.open.push(...updates.map((update): [MatchUpdate, Receipt | undefined] => [update, receipt]));
    if (!this.keepsOpen) this.settle();
  }

  settle(): void {
    for (const [update, receipt] of this.open.splice(0)) receipt?.concluded(update, this.outcome);
  }
}

class FakeLiveMatches extends LiveMatches {
  rows: readonly LiveMatch[] = [];
  reads = 0;
  failure: Error | null = null;

  override async list(): Promise<readonly LiveMatch[]> {
    this.reads++;
    if (this.failure) throw this.failure;
    return this.rows;
  }
}

class FakeJournal extends JournalWatermark {
  newest: number | null = null;
  failure: Error | null = null;

  override async newestReceivedAtMs(beforeMs: number): Promise<number | null> {
    if (this.failure) throw this.failure;
    return this.newest !== null && this.newest < beforeMs ? this.newest : null;
  }
}

export interface FeedUnderTestOptions extends FeedRecoveryOptions {
  readonly provider?: 'absent' | 'disabled';
  readonly lease?: Pick<IngestLease, 'term'>;
  readonly journalAway?: boolean;
  /** asked for at the broker. @default 1 */
  readonly qos?: 0 | 1;
}

/** The feed's monitor with everything around it in memory and on virtual time. */
export class FeedUnderTest {
  readonly time = new VirtualTime();
  readonly clock = new VirtualClock(this.time);
  readonly startMs = this.clock.nowMs();
  readonly signals = new FeedSignalStream();
  readonly accounting = new Accounting();
  readonly metrics = new LiveScoreMetrics();
  readonly activity = new PushTimes();
  readonly changes = new CommittedChanges();
  readonly sink = new FakeSink();
  readonly provider = new FakeProvider(this.time, this.clock);
  readonly matches = new FakeLiveMatches();
  readonly journal = new FakeJournal();
  readonly feed: { lastMessageAtMs: number | null } = { lastMessageAtMs: null };
  readonly transitions: FeedStateChanged[] = [];
  readonly monitor: FeedMonitor;
  readonly freshness: FeedFreshness;
  readonly watch: LiveMatchWatch;
  private readonly backlog: UnacknowledgedBacklog;
  private oldestMs: number | null = null;

  constructor({ provider, lease, journalAway, qos = 1, ...options }: FeedUnderTestOptions = {}) {
    if (journalAway) this.journal.failure = new Error('The database is away');
    if (provider === 'disabled') this.provider.enabled = false;
    const { time, clock, accounting } = this;
    const scheduler = new VirtualScheduler(time);
    const resolved = resolveFeedRecoveryOptions(options);
    this.watch = new LiveMatchWatch(clock, scheduler, this.changes, this.activity, this.matches);
    const api = provider === 'absent' ? undefined : this.provider;
    const writer = resolveScoreWriterOptions();
    const backlog = new UnacknowledgedBacklog(clock, scheduler, accounting, this.signals);
    this.backlog = backlog;
    backlog.onModuleInit();
    backlog.brokerForgets(qos === 1 ? 'once-acknowledged' : 'once-sent');
    const recovery = new SnapshotRecovery(clock, scheduler, this.sink, accounting, resolved, writer, backlog, api);
    const report = new FeedReport(clock, new EventLog(clock), this.metrics);
    const subscriptions = new Subscriptions(this.watch, lease);
    const watermark = new Watermark(clock, accounting, this.journal);
    this.monitor = new FeedMonitor(
      clock,
      scheduler,
      this.signals,
      report,
      new FeedSigns(accounting, resolved, this.watch, subscriptions, backlog, this.feed),
      subscriptions,
      new RecoveryRuns(clock, recovery, report, watermark, resolved),
      watermark,
    );
    this.freshness = new FeedFreshness(clock, this.watch, resolved);
    accounting.register(() => {
      const oldestAtMs = this.oldestInFlightMs;
      return { count: oldestAtMs === null ? 0 : 1, oldestAtMs: oldestAtMs === null ? null : this.startMs + oldestAtMs };
    });
    this.monitor.changes$.subscribe((change) => this.transitions.push(change));
    this.watch.onModuleInit();
    this.monitor.onModuleInit();
    this.monitor.onApplicationBootstrap();
  }

  /** receipt of the oldest update in flight, ms since the start */
  get oldestInFlightMs(): number | null {
    return this.oldestMs;
  }

  set oldestInFlightMs(atMs: number | null) {
    if (atMs !== null && this.oldestMs === null) this.accounting.received(1);
    if (atMs === null && this.oldestMs !== null) this.accounting.concluded('applied');
    this.oldestMs = atMs;
  }

  /** ms since the start */
  get nowMs(): number {
    return this.time.nowMs;
  }

  /** The reasons of the transitions so far, each with the state it led to. */
  get story(): readonly string[] {
    return this.transitions.map(({ to, reason }) => `${to}: ${reason}`);
  }

  async subscribe({ resumed = false } = {}): Promise<void> {
    this.signals.publish({ kind: 'subscribed', resumed, atMs: this.clock.nowMs() });
    await this.time.advance(0);
  }

  async lose(): Promise<void> {
    this.signals.publish({ kind: 'lost', atMs: this.clock.nowMs() });
    await this.time.advance(0);
  }

  /** A message of the feed about a match. */
  hear(matchId = 'm1'): void {
    this.feed.lastMessageAtMs = this.clock.nowMs();
    this.activity.pushed(matchId, this.clock.nowMs());
  }

  /** The feed speaks of the match every second. */
  async hearFor(ms: number, matchId = 'm1'): Promise<void> {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; ) {
      this.hear(matchId);
      await this.time.advance(1_000);
    }
  }

  live(...matchIds: readonly string[]): void {
    this.matches.rows = matchIds.map((matchId) => ({ matchId, seenAtMs: null }));
  }

  stop(): void {
    this.monitor.onModuleDestroy();
    this.watch.onModuleDestroy();
    this.backlog.onModuleDestroy();
  }

  async counted(metric: 'recoveries' | 'feedTransitions' | 'feedState'): Promise<Readonly<Record<string, number>>> {
    const { values } = await this.metrics[metric].get();
    return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
  }
}

export function pulled(matchId: string): MatchUpdate {
  return { ...toUpdate({ atS: 1, pulledAfterS: 1, status: 2 }), matchId };
}

export const term = (fence: number): LeaseTerm => ({ fence, clientId: 'livescore' });
