import type { DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CommittedChanges, type ScoreCommitted } from '../../src/contracts/committed-changes.js';
import { DetailsSink } from '../../src/contracts/details-sink.js';
import { IngestLease } from '../../src/contracts/ingest-lease.js';
import { type MatchLookup, MatchLookups } from '../../src/contracts/match-lookups.js';
import type { Receipt } from '../../src/contracts/update-sink.js';
import type { ScoreUpdate } from '../../src/domain/decide.js';
import type { MatchEvent } from '../../src/domain/match-event.js';
import type { MatchState } from '../../src/domain/match-state.js';
import { MatchProtection } from '../../src/foreign-writers/ports/match-protection.js';
import { Accounting } from '../../src/kernel/accounting.js';
import { Clock } from '../../src/kernel/clock.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { Scheduler, SystemScheduler } from '../../src/kernel/scheduler.js';
import { BrokerBackpressure } from '../../src/mqtt-ingest/ports/broker-backpressure.js';
import { ProviderReach } from '../../src/provider/ports/provider-reach.js';
import { Disputes } from '../../src/score-writer/disputes.js';
import { DriftCheck } from '../../src/score-writer/drift-check.js';
import { Mailboxes } from '../../src/score-writer/mailboxes.js';
import { MatchStates } from '../../src/score-writer/ports/match-states.js';
import { RecentDecisions } from '../../src/score-writer/ports/recent-decisions.js';
import { ScoreStore } from '../../src/score-writer/ports/score-store.js';
import { Questions } from '../../src/score-writer/questions.js';
import { ScoreWriter } from '../../src/score-writer/score-writer.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import type { ScoreWriterOptions } from '../../src/score-writer/score-writer.options.js';
import { WriterDrain } from '../../src/score-writer/writer-drain.js';
import { FakeClock } from '../../src/testing/index.js';
import { eventually } from './eventually.js';
import { KICKOFF_S, type Report, toUpdate } from './history.js';

/** What other modules would provide. */
export interface Neighbours {
  readonly lease?: IngestLease;
  readonly protection?: MatchProtection;
  readonly scheduler?: Scheduler;
  readonly backlog?: BrokerBackpressure;
  readonly provider?: ProviderReach;
  readonly details?: DetailsSink;
}

/**
 * A score writer on some store, wired by its module, with everything it says collected. Its timers (drift check, sweep)
 * do not run: the spec calls `drift.round()` itself.
 */
export class WriterUnderTest {
  readonly commits: ScoreCommitted[] = [];
  /** what the provider was asked */
  readonly lookups: MatchLookup[] = [];
  /** every update told through this class, and what was said about its fate */
  readonly told = new Map<ScoreUpdate, string[]>();
  readonly writer: ScoreWriter;
  readonly drift: DriftCheck;
  readonly mailboxes: Mailboxes;
  readonly questions: Questions;
  readonly disputes: Disputes;
  readonly states: MatchStates;
  private readonly drain: WriterDrain;
  readonly metrics: LiveScoreMetrics;
  readonly accounting: Accounting;
  readonly recent: RecentDecisions;

  private constructor(
    readonly clock: FakeClock,
    module: TestingModule,
  ) {
    this.writer = module.get(ScoreWriter);
    this.drift = module.get(DriftCheck);
    this.mailboxes = module.get(Mailboxes);
    this.questions = module.get(Questions);
    this.disputes = module.get(Disputes);
    this.states = module.get(MatchStates);
    this.drain = module.get(WriterDrain);
    this.metrics = module.get(LiveScoreMetrics);
    this.accounting = module.get(Accounting);
    this.recent = module.get(RecentDecisions);
    module.get(MatchLookups).requests$.subscribe((lookup) => this.lookups.push(lookup));
    module.get(CommittedChanges).batches$.subscribe((batch) => {
      for (const change of batch) if (change.kind === 'score') this.commits.push(change);
    });
  }

  static async on(
    store: ScoreStore,
    options: ScoreWriterOptions = {},
    neighbours: Neighbours = {},
  ): Promise<WriterUnderTest> {
    const clock = new FakeClock(KICKOFF_S * 1000);
    const imports = [ScoreWriterModule.forRoot(options), provide(neighbours)];
    const module = await Test.createTestingModule({ imports })
      .overrideProvider(ScoreStore)
      .useValue(store)
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(Scheduler)
      .useValue(neighbours.scheduler ?? new SystemScheduler())
      .compile();
    return new WriterUnderTest(clock, module);
  }

  /** One frame of a match, received at `atS`, with somebody waiting for its fate. */
  tell(matchId: string, report: Report): ScoreUpdate {
    this.clock.set(report.atS * 1000);
    const update = { ...toUpdate(report), matchId };
    const fates: string[] = [];
    this.told.set(update, fates);
    this.submit(update, {
      awaitsCommit: true,
      concluded(about, { kind, reason }) {
        if (about === update) fates.push(`${kind}/${reason}`);
        else throw new Error(`The fate of another update was told: ${about.matchId}`);
      },
    });
    return update;
  }

  /** The same without anybody waiting, as the feed of QoS 0 does it. */
  mention(matchId: string, report: Report): void {
    this.clock.set(report.atS * 1000);
    this.submit({ ...toUpdate(report), matchId });
  }

  /** As the intake does it: counted first. */
  submit(update: ScoreUpdate, receipt?: Receipt): void {
    this.accounting.received(1);
    this.writer.submit([update], receipt);
  }

  /** What was said about the update, at once or later; more than one answer is a fault. */
  fateOf(update: ScoreUpdate): readonly string[] {
    return this.told.get(update) ?? [];
  }

  /** The fates in the order of telling; `-` for those not known yet. */
  get fates(): readonly string[] {
    return [...this.told.values()].map((fates) => fates.join(' and ') || '-');
  }

  /** Waits until nothing is unwritten. */
  async settled(): Promise<void> {
    await eventually(() => this.mailboxes.busyCount() === 0, { what: 'the writer to have written' });
  }

  events(matchId: string): readonly MatchEvent[] {
    return this.commits.filter((commit) => commit.matchId === matchId).flatMap(({ events }) => events);
  }

  count(matchId: string, type: MatchEvent['type']): number {
    return this.events(matchId).filter((event) => event.type === type).length;
  }

  /** What the writer believes of the match. */
  state(matchId: string): MatchState {
    const state = [...this.mailboxes.all()].find((mailbox) => mailbox.matchId === matchId)?.contents.row;
    if (!state) throw new Error(`The writer knows nothing of ${matchId}`);
    return state;
  }

  /** `livescore_updates_total` by outcome. */
  async counted(): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const { labels, value } of (await this.metrics.updates.get()).values) {
      counts[String(labels.outcome)] = (counts[String(labels.outcome)] ?? 0) + value;
    }
    return counts;
  }

  async countedInAll(): Promise<number> {
    return Object.values(await this.counted()).reduce((sum, value) => sum + value, 0);
  }

  /** Ends the writer as the application does. */
  async stop(): Promise<void> {
    this.drift.onModuleDestroy();
    this.questions.onModuleDestroy();
    this.mailboxes.onModuleDestroy();
    await this.drain.beforeApplicationShutdown();
  }
}

function provide({ lease, protection, backlog, provider, details }: Neighbours): DynamicModule {
  class NeighboursModule {}
  const providers = [
    ...(lease ? [{ provide: IngestLease, useValue: lease }] : []),
    ...(protection ? [{ provide: MatchProtection, useValue: protection }] : []),
    ...(backlog ? [{ provide: BrokerBackpressure, useValue: backlog }] : []),
    ...(provider ? [{ provide: ProviderReach, useValue: provider }] : []),
    ...(details ? [{ provide: DetailsSink, useValue: details }] : []),
  ];
  return { module: NeighboursModule, global: true, providers, exports: providers };
}
