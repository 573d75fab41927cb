import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { Clock } from '../kernel/clock.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { type FeedSignal, FeedSignals, NO_SIGNALS } from '../mqtt-ingest/ports/feed-signals.js';
import { FeedReport } from './feed-report.js';
import { FeedSigns } from './feed-signs.js';
import {
  FEED_AT_START,
  type FeedEvent,
  type FeedModel,
  type FeedState,
  nextFeed,
  type Recovery,
  type RecoveryTrigger,
  reasonFor,
  stateOf,
} from './feed-state.js';
import type { FeedStateChanged } from './feed-state-changed.js';
import { RecoveryRuns } from './recovery-runs.js';
import type { RecoveryKind } from './snapshot-recovery.js';
import { Subscriptions } from './subscriptions.js';
import { Watermark } from './watermark.js';

const LOOK_EVERY_MS = 1_000;

/** What recovery is doing, and how the last one went. */
export interface RecoveryFacts {
  /** `off`: the provider cannot be asked; `due`: waits for its turn */
  readonly state: 'off' | 'none' | 'due' | 'running';
  /** our clock, unix ms: the end of the last complete one; null before the first */
  readonly lastAtMs: number | null;
  /** why the last request failed; null when it did not */
  readonly lastError: string | null;
}

/**
 * The monitor watches over the feed: `down → recovering → live ⇄ delayed`.
 *
 * | state | from | to |
 * |---|---|---|
 * | `down` | start, lost connection | subscribed |
 * | `recovering` | subscribed | every update of the last snapshot is settled |
 * | `live` | recovered; or subscribed, when the provider cannot be asked | |
 * | `delayed` | an update is unsettled for `lagMs`; nothing was heard for `silenceMs` while matches are being played, and the provider told what the feed did not, or could not be asked | by itself, when a message comes and nothing lags |
 *
 * A connection that is lost interrupts a recovery: another one follows the next subscription. Recoveries start at least
 * `minIntervalMs` apart; what comes sooner is put off, not dropped. Time alone never changes a match.
 */
@Injectable()
export class FeedMonitor implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly subject = new Subject<FeedStateChanged>();
  /** Every change of `state`. */
  readonly changes$: Observable<FeedStateChanged> = this.subject.asObservable();
  private model: FeedModel = FEED_AT_START;
  private enteredAtMs: number;
  private readonly life = new Lifecycle();
  private readonly poller: Poller;

  constructor(
    private readonly clock: Clock,
    scheduler: Scheduler,
    @Optional() private readonly signals: FeedSignals = NO_SIGNALS,
    private readonly report: FeedReport,
    private readonly signs: FeedSigns,
    private readonly subscriptions: Subscriptions,
    private readonly runs: RecoveryRuns,
    private readonly watermark: Watermark,
  ) {
    const warning = new SampledWarning(new Logger(FeedMonitor.name), 'The feed could not be looked at');
    this.poller = new Poller(scheduler, { everyMs: LOOK_EVERY_MS, turn: () => this.poll(), warning });
    this.enteredAtMs = clock.nowMs();
  }

  get state(): FeedState {
    return stateOf(this.model);
  }

  /** our clock, unix ms: when `state` began */
  get sinceMs(): number {
    return this.enteredAtMs;
  }

  /** Everything received up to then is committed, our clock, unix ms; null when nothing is known. */
  get watermarkMs(): number | null {
    return this.watermark.atMs;
  }

  get recoveryFacts(): RecoveryFacts {
    const { phase } = this.model.recovery;
    const { lastAtMs, lastError, rules } = this.runs;
    return { state: phase === 'none' && !rules.recoverable ? 'off' : phase, lastAtMs, lastError };
  }

  onModuleInit(): void {
    this.report.state(this.state);
    this.life.start(() => this.signals.signals$.subscribe((signal) => this.take(signal)));
  }

  onApplicationBootstrap(): void {
    this.poller.start();
    this.poll();
  }

  onModuleDestroy(): void {
    void this.poller.stop();
    this.life.stop();
    this.runs.stop();
  }

  private take(signal: FeedSignal): void {
    this.noteReceived();
    if (signal.kind === 'lost') {
      this.dispatch(signal);
      return;
    }
    const trigger = this.subscriptions.begun(signal);
    if (trigger === 'takeover') this.watermark.wroteElsewhere(signal.atMs);
    this.dispatch({ kind: 'subscribed', trigger, atMs: signal.atMs });
  }

  /** Once a second: does anything lag, is it silent, is a recovery due? */
  private poll(): void {
    this.watermark.restore();
    this.subscriptions.followLease();
    this.noteReceived();
    const nowMs = this.clock.nowMs();
    const silent = this.model.subscribed && this.signs.isSilent(nowMs);
    this.dispatch({ kind: 'observed', lagging: this.signs.isLagging(nowMs), silent, atMs: nowMs });
  }

  private noteReceived(): void {
    const receivedAtMs = this.signs.lastMessageAtMs;
    if (this.model.covered && receivedAtMs !== null) this.watermark.withoutHoleUntil(receivedAtMs);
  }

  private dispatch(event: FeedEvent): void {
    const before = this.model;
    this.model = nextFeed(before, event, this.runs.rules);
    if (this.model === before) return;
    const [from, to] = [stateOf(before), stateOf(this.model)];
    if (from !== to) this.changed(from, to, event.atMs);
    if (before.recovery !== this.model.recovery) this.follow(before.recovery, this.model.recovery);
  }

  private changed(from: FeedState, to: FeedState, atMs: number): void {
    this.enteredAtMs = atMs;
    const reason = reasonFor(from, to, this.model);
    const change: FeedStateChanged = { from, to, reason, atMs, watermarkMs: this.watermarkMs };
    this.report.changed(change);
    this.subject.next(change);
  }

  private follow(before: Recovery, after: Recovery): void {
    if (before.phase === 'running') this.runs.interrupt(before);
    if (after.phase !== 'running') return;
    this.runs.start(after, this.kindOf(after.trigger), (event) => {
      this.dispatch(event);
      if (event.kind === 'recovered') this.poll();
    });
  }

  private kindOf(trigger: RecoveryTrigger): RecoveryKind {
    if (trigger === 'silence') return 'in-silence';
    return this.subscriptions.isResumed ? 'after-backlog' : 'after-hole';
  }
}
