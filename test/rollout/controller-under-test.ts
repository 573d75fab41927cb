import { BehaviorSubject } from 'rxjs';
import { CommittedChanges, type ScoreCommitted } from '../../src/contracts/committed-changes.js';
import { IngestLease, type LeaseTerm } from '../../src/contracts/ingest-lease.js';
import type { MatchEvent } from '../../src/domain/match-event.js';
import type { MatchState } from '../../src/domain/match-state.js';
import { Accounting } from '../../src/kernel/accounting.js';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { PushTimes } from '../../src/mqtt-ingest/push-times.js';
import { type Answer, Database } from '../../src/postgres/database.js';
import type { RolloutDecision, RolloutSetting } from '../../src/rollout/ports/rollout-store.js';
import { resolveRolloutOptions } from '../../src/rollout/rollout.options.js';
import { RolloutState } from '../../src/rollout/routing/rollout-state.service.js';
import type { ShadowComparison } from '../../src/rollout/shadow/shadow-comparison.js';
import { DatabaseStrain } from '../../src/rollout/watch/database-strain.js';
import { RolloutController } from '../../src/rollout/watch/rollout-controller.service.js';
import { RolloutMeasures } from '../../src/rollout/watch/rollout-measures.js';
import { type RolloutWatchOptions, resolveRolloutWatchOptions } from '../../src/rollout/watch/rollout-watch.options.js';
import type { WriterHealth } from '../../src/score-writer/ports/writer-health.js';
import { InMemoryRolloutStore } from '../../src/testing/index.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { freshMatch } from '../support/history.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';

/** Of the default window of a minute. */
export const SLICE_MS = 10_000;

class FakeDatabase extends Database {
  inUse = 0;
  failure: object | null = null;
  answersAfter: () => Promise<void> = async () => {};

  override get use(): number {
    return this.inUse;
  }

  override async query<Row>(): Promise<readonly Row[]> {
    await this.answersAfter();
    if (this.failure) throw this.failure;
    return [];
  }

  override async queryOnDedicatedConnection<Row>(): Promise<Answer<Row>> {
    return { rows: [], count: 0 };
  }
}

class FakeLease extends IngestLease {
  readonly terms$ = new BehaviorSubject<LeaseTerm | null>(null);
  readonly confirmed = true;
  get term(): LeaseTerm | null {
    return this.terms$.value;
  }
  override doubt(): void {}
}

/** The controller with its measures on virtual time; a spec plays the writer, the database and the comparison. */
export class ControllerUnderTest {
  readonly time = new VirtualTime();
  readonly clock = new VirtualClock(this.time);
  readonly scheduler = new VirtualScheduler(this.time);
  readonly store = new InMemoryRolloutStore(this.clock);
  readonly metrics = new LiveScoreMetrics();
  readonly accounting = new Accounting();
  readonly changes = new CommittedChanges();
  readonly activity = new PushTimes();
  readonly database = new FakeDatabase();
  readonly lease = new FakeLease();
  readonly writer: WriterHealth & { healthy: boolean } = { healthy: true };
  readonly shadow = { totals: { compared: 0, different: 0 } };
  readonly decisions: RolloutDecision[] = [];
  readonly state: RolloutState;
  readonly measures: RolloutMeasures;
  readonly controller: RolloutController;

  private constructor(options: RolloutWatchOptions, withLease: boolean) {
    const { scheduler, clock, metrics, store } = this;
    const watch = resolveRolloutWatchOptions(options);
    const events = new EventLog(clock);
    this.state = new RolloutState(resolveRolloutOptions({}, {}), store, scheduler, events, metrics);
    this.measures = new RolloutMeasures(
      this.changes,
      this.accounting,
      metrics,
      this.activity,
      new DatabaseStrain(watch, this.writer, this.database, scheduler),
      this.shadow as ShadowComparison,
      clock,
      scheduler,
    );
    const lease = withLease ? this.lease : undefined;
    this.controller = new RolloutController(watch, this.state, this.measures, store, scheduler, events, metrics, lease);
    this.controller.decisions$.subscribe((decision) => this.decisions.push(decision));
  }

  static async start(
    setting: Partial<RolloutSetting>,
    options: RolloutWatchOptions & { readonly withLease?: boolean } = {},
  ): Promise<ControllerUnderTest> {
    const { withLease = false, ...watch } = options;
    const under = new ControllerUnderTest(watch, withLease);
    await under.store.append(settingOf(setting), 'operator', 'test', null);
    await under.state.onModuleInit();
    under.measures.onModuleInit();
    under.controller.onApplicationBootstrap();
    return under;
  }

  stop(): void {
    this.controller.onModuleDestroy();
    this.measures.onModuleDestroy();
    this.state.onModuleDestroy();
  }

  /** So many slices, in each of which `during` happens first. */
  async slices(count: number, during: () => void = () => {}): Promise<void> {
    for (let n = 0; n < count; n++) {
      during();
      await this.time.advance(SLICE_MS);
    }
  }

  /** The direct path committed changes, each this late. */
  commit(count: number, latencyMs = 10, changes: Partial<ScoreCommitted> = {}): void {
    const committedAtMs = this.clock.nowMs();
    const state: MatchState = freshMatch({ status: 2 });
    const events: readonly MatchEvent[] = [];
    const change: ScoreCommitted = {
      kind: 'score',
      matchId: 'm',
      epoch: 0,
      version: 1,
      source: 'mqtt',
      before: state,
      after: state,
      events,
      catchUp: false,
      receivedAtMs: committedAtMs - latencyMs,
      committedAtMs,
      ...changes,
    };
    this.changes.publish(Array.from({ length: count }, () => change));
  }

  /** `verdict action` of everything announced. */
  get said(): readonly string[] {
    return this.decisions.map(({ verdict, action }) => `${verdict} ${action}`);
  }
}
