import type { Receipt } from '../../src/contracts/update-sink.js';
import type { MatchUpdate } from '../../src/domain/match-update.js';
import { Accounting } from '../../src/kernel/accounting.js';
import { pause } from '../../src/kernel/deadline.js';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { OutcomeCounter } from '../../src/kernel/outcome-counter.js';
import { createLegacyPath } from '../../src/legacy-bridge/legacy-path.module.js';
import type { RolloutSetting } from '../../src/rollout/ports/rollout-store.js';
import type { ShadowSink } from '../../src/rollout/ports/shadow-sink.js';
import { type RolloutOptions, resolveRolloutOptions } from '../../src/rollout/rollout.options.js';
import { LegacyRoute } from '../../src/rollout/routing/legacy-route.js';
import { PathExits } from '../../src/rollout/routing/path-exits.js';
import { RolloutRouter } from '../../src/rollout/routing/rollout-router.js';
import { RolloutState } from '../../src/rollout/routing/rollout-state.service.js';
import { FakeClock, InMemoryRolloutStore } from '../../src/testing/index.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';
import type { SlowLegacyHandler } from './slow-legacy-handler.js';
import { SlowDirectPath, SlowLegacyQueue, TwoPathsLog } from './two-paths.js';

export interface RouterOptions extends RolloutOptions {
  readonly commitMs?: () => number;
  readonly legacyWriteMs?: () => number;
  readonly shadow?: ShadowSink;
  /** bound beside the queue */
  readonly handler?: SlowLegacyHandler;
}

/** The router on virtual time, between two slow paths. */
export class RouterUnderTest {
  readonly time = new VirtualTime();
  readonly log = new TwoPathsLog();
  readonly accounting = new Accounting();
  readonly metrics = new LiveScoreMetrics();
  readonly store = new InMemoryRolloutStore(new FakeClock());
  readonly told = new Map<MatchUpdate, string[]>();
  readonly direct: SlowDirectPath;
  readonly legacy: SlowLegacyQueue;
  readonly state: RolloutState;
  readonly router: RolloutRouter;
  private readonly numbers = new Map<string, number>();

  private constructor({ commitMs = () => 10, legacyWriteMs = () => 5, shadow, handler, ...rest }: RouterOptions) {
    const { accounting, metrics, log } = this;
    const options = resolveRolloutOptions({ legacyItems: ['score'], ...rest }, {});
    const scheduler = new VirtualScheduler(this.time);
    const fates = new OutcomeCounter(metrics, accounting);
    this.direct = new SlowDirectPath(log, scheduler, fates, accounting, commitMs);
    this.legacy = new SlowLegacyQueue(log, scheduler, legacyWriteMs);
    this.state = new RolloutState(options, this.store, scheduler, new EventLog(new FakeClock()), metrics);
    if (handler) handler.wait = (ms) => pause(ms, scheduler);
    const queue = options.legacy === 'none' ? undefined : this.legacy;
    const path = createLegacyPath(options, scheduler, metrics, handler, queue);
    const exits = new PathExits(options, this.direct.states, path, scheduler);
    const legacyRoute = new LegacyRoute(path, fates, shadow);
    this.router = new RolloutRouter(this.state, exits, legacyRoute, metrics, accounting);
  }

  static async on(options: RouterOptions = {}): Promise<RouterUnderTest> {
    const under = new RouterUnderTest(options);
    under.router.onModuleInit();
    await under.state.onModuleInit();
    return under;
  }

  /** One message about these matches, each with its next number. */
  submit(matchIds: readonly string[], parts: Partial<MatchUpdate> & Partial<Receipt> = {}): readonly MatchUpdate[] {
    const { awaitsCommit = true, waited = false, ...update } = parts;
    const updates = matchIds.map((matchId) => this.next(matchId, update));
    for (const one of updates) this.told.set(one, []);
    const settled: Receipt['concluded'] = (about, { kind }) => void this.told.get(about)?.push(kind);
    this.router.submit(updates, { awaitsCommit, waited, concluded: settled }, this.direct);
    this.accounting.received(updates.length);
    return updates;
  }

  set(setting: Partial<RolloutSetting>): Promise<unknown> {
    return this.state.set(settingOf(setting), 'test', 'test');
  }

  fateOf(update: MatchUpdate | undefined): readonly string[] {
    return (update && this.told.get(update)) ?? [];
  }

  /** An update of the match with its next number. */
  next(matchId: string, parts: Partial<MatchUpdate>): MatchUpdate {
    const number = (this.numbers.get(matchId) ?? 0) + 1000;
    this.numbers.set(matchId, number);
    const score = {
      status: 2,
      home: [0, 0, 0, 0, 0, 0, 0],
      away: [0, 0, 0, 0, 0, 0, 0],
      periodKickoffS: null,
    } as const;
    return {
      matchId,
      source: 'mqtt',
      delivery: 'push',
      receivedAtMs: number,
      requestedAtMs: null,
      providerTimeS: null,
      score,
      ...parts,
    };
  }
}
