import type { DynamicModule, ModuleMetadata, ValueProvider } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Receipt } from '../../src/contracts/update-sink.js';
import { UpdateSink } from '../../src/contracts/update-sink.js';
import type { MatchState } from '../../src/domain/match-state.js';
import { Accounting } from '../../src/kernel/accounting.js';
import { Clock } from '../../src/kernel/clock.js';
import { Scheduler, SystemScheduler } from '../../src/kernel/scheduler.js';
import { LegacyCallersModule } from '../../src/legacy-bridge/legacy-callers.module.js';
import { LegacyEvents } from '../../src/legacy-bridge/legacy-events.service.js';
import { OrchestratorFacade } from '../../src/legacy-bridge/orchestrator-facade.service.js';
import type { UpdateResult } from '../../src/legacy-bridge/ports/legacy-orchestrator.js';
import { RolloutStore } from '../../src/rollout/ports/rollout-store.js';
import { ScoreStore } from '../../src/score-writer/ports/score-store.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import { InMemoryRolloutStore } from '../../src/testing/in-memory-rollout-store.js';
import { FakeClock, InMemoryScoreStore } from '../../src/testing/index.js';
import { KICKOFF_S, type Report, toUpdate } from '../support/history.js';

type Imports = NonNullable<ModuleMetadata['imports']>;
type Value = string | number | null | object;

const QUIET = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** What a host would provide in a global module of its own. */
export function hostModule(...providers: ValueProvider[]): DynamicModule {
  class HostBindings {}
  return { module: HostBindings, global: true, providers, exports: providers.map(({ provide }) => provide) };
}

/** The orchestrator's call shape on a writer whose rows are in memory. The clock stands still. */
export class LegacyCallersApp {
  readonly orchestrator: OrchestratorFacade;
  readonly events: LegacyEvents;
  readonly sink: UpdateSink;

  private constructor(
    readonly module: TestingModule,
    readonly store: InMemoryScoreStore,
    readonly clock: FakeClock,
  ) {
    this.orchestrator = module.get(OrchestratorFacade);
    this.events = module.get(LegacyEvents);
    this.sink = module.get(UpdateSink);
  }

  /** With `RolloutModule` among the imports, `m` is pinned to the direct path. */
  static async start(...imports: Imports): Promise<LegacyCallersApp> {
    return LegacyCallersApp.startOn(new SystemScheduler(), ...imports);
  }

  static async startOn(scheduler: Scheduler, ...imports: Imports): Promise<LegacyCallersApp> {
    const clock = new FakeClock((KICKOFF_S + 600) * 1000);
    const store = new InMemoryScoreStore();
    const rollout = new InMemoryRolloutStore(clock);
    await rollout.pin('m', 'direct');
    const module = await Test.createTestingModule({
      imports: [...imports, ScoreWriterModule.forRoot({}), LegacyCallersModule],
    })
      .overrideProvider(ScoreStore)
      .useValue(store)
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(Scheduler)
      .useValue(scheduler)
      .overrideProvider(RolloutStore)
      .useValue(rollout)
      .setLogger(QUIET)
      .compile();
    await module.init();
    return new LegacyCallersApp(module, store, clock);
  }

  /** The match `m`, as its row is. */
  row(): MatchState {
    const row = this.store.row('m');
    if (!row) throw new Error('There is no row');
    return row;
  }

  nowS(): number {
    return Math.floor(this.clock.nowMs() / 1000);
  }

  /** A call of `updateMatch` about match `m`, its timestamps those of now. */
  call(
    fields: Readonly<Record<string, Value>>,
    source: 'api' | 'mqtt' | 'computed' | 'watchdog' | 'admin' = 'api',
  ): Promise<UpdateResult> {
    const updates = Object.entries(fields).map(([field, value]) => {
      return { field, value, source, priority: 2, timestamp: this.nowS() };
    });
    return this.orchestrator.updateMatch('m', updates, 'a-job');
  }

  /** One frame of the feed about match `m`, now. */
  frame(report: Omit<Report, 'atS'>, receipt?: Receipt): void {
    this.module.get(Accounting).received(1);
    this.sink.submit([{ ...toUpdate({ ...report, atS: this.clock.nowMs() / 1000 }), matchId: 'm' }], receipt);
  }

  /** The same, and its fate. */
  framed(report: Omit<Report, 'atS'>): Promise<string> {
    return new Promise((resolve) => {
      this.frame(report, { awaitsCommit: true, concluded: (_, { kind, reason }) => resolve(`${kind}/${reason}`) });
    });
  }

  unaccounted(): number {
    return this.module.get(Accounting).balance().unaccounted;
  }

  async stop(): Promise<void> {
    await this.module.close();
  }
}
