import { Test } from '@nestjs/testing';
import { CommittedChanges, type ScoreCommitted } from '../../src/contracts/committed-changes.js';
import { MatchLookups } from '../../src/contracts/match-lookups.js';
import { MatchRouter } from '../../src/contracts/match-router.js';
import type { UpdateSink } from '../../src/contracts/update-sink.js';
import type { MatchState } from '../../src/domain/match-state.js';
import { ForeignWriterWatch } from '../../src/foreign-writers/foreign-writer-watch.js';
import { ForeignWritersModule } from '../../src/foreign-writers/foreign-writers.module.js';
import { Accounting } from '../../src/kernel/accounting.js';
import { Clock } from '../../src/kernel/clock.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { Database } from '../../src/postgres/database.js';
import { DriftCheck } from '../../src/score-writer/drift-check.js';
import { Mailboxes } from '../../src/score-writer/mailboxes.js';
import { MatchStates } from '../../src/score-writer/ports/match-states.js';
import { Questions } from '../../src/score-writer/questions.js';
import { ScoreWriter } from '../../src/score-writer/score-writer.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import { WriterDrain } from '../../src/score-writer/writer-drain.js';
import { FakeClock } from '../../src/testing/index.js';
import { eventually } from './eventually.js';
import { KICKOFF_S, type Report, toUpdate } from './history.js';
import type { PgScoreRows } from './pg-score-rows.js';

/** Writer, drift check and foreign-writer watch on a real database. No timer runs: the spec calls the rounds itself. */
export class DirectPathOnPostgres {
  readonly commits: ScoreCommitted[] = [];
  readonly asked: string[] = [];

  private constructor(
    readonly clock: FakeClock,
    private readonly writer: ScoreWriter,
    private readonly mailboxes: Mailboxes,
    private readonly drain: WriterDrain,
    readonly drift: DriftCheck,
    readonly watch: ForeignWriterWatch,
    readonly states: MatchStates,
    readonly metrics: LiveScoreMetrics,
    private readonly questions: Questions,
    readonly lookups: MatchLookups,
    readonly accounting: Accounting,
  ) {}

  get sink(): UpdateSink {
    return this.writer;
  }

  static async on(rows: PgScoreRows, router?: MatchRouter): Promise<DirectPathOnPostgres> {
    const clock = new FakeClock(KICKOFF_S * 1000);
    class Neighbours {}
    const providers = [
      { provide: Database, useValue: rows.connection },
      ...(router ? [{ provide: MatchRouter, useValue: router }] : []),
    ];
    const module = await Test.createTestingModule({
      imports: [
        { module: Neighbours, global: true, providers, exports: providers.map(({ provide }) => provide) },
        ScoreWriterModule.forRoot({}),
        ForeignWritersModule.forRoot(),
      ],
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    const path = new DirectPathOnPostgres(
      clock,
      module.get(ScoreWriter),
      module.get(Mailboxes),
      module.get(WriterDrain),
      module.get(DriftCheck),
      module.get(ForeignWriterWatch),
      module.get(MatchStates),
      module.get(LiveScoreMetrics),
      module.get(Questions),
      module.get(MatchLookups),
      module.get(Accounting),
    );
    path.lookups.requests$.subscribe(({ matchId }) => path.asked.push(matchId));
    module.get(CommittedChanges).batches$.subscribe((batch) => {
      for (const change of batch) if (change.kind === 'score') path.commits.push(change);
    });
    return path;
  }

  /** One frame, and its commit. */
  async tell(matchId: string, report: Report): Promise<void> {
    this.mention(matchId, report);
    await this.settled();
  }

  mention(matchId: string, report: Report): void {
    this.clock.set(report.atS * 1000);
    this.writer.submit([{ ...toUpdate(report), matchId }]);
  }

  /** One round of the drift check and one look at what the trigger noted. */
  async round(): Promise<void> {
    await this.watch.poll();
    await this.drift.round();
    await this.settled();
  }

  /** Every question to the provider that is due at that time is asked. */
  askedBy(atS: number): readonly string[] {
    this.clock.set(atS * 1000);
    this.questions.ask();
    return this.asked;
  }

  async settled(): Promise<void> {
    await eventually(() => this.mailboxes.busyCount() === 0, { what: 'the writer to have written' });
  }

  peek(matchId: string): MatchState | null {
    return this.states.peek(matchId);
  }

  /** Types of the events told, in order. */
  told(matchId: string): readonly string[] {
    return this.commits
      .filter((change) => change.matchId === matchId)
      .flatMap(({ events }) => events.map(({ type }) => type));
  }

  /** `livescore_foreign_writes_total` as "mode/result": count. */
  async counted(): Promise<Readonly<Record<string, number>>> {
    const { values } = await this.metrics.foreignWrites.get();
    return Object.fromEntries(values.map(({ labels, value }) => [`${labels.mode}/${labels.result}`, value]));
  }

  async stop(): Promise<void> {
    this.questions.onModuleDestroy();
    await this.drain.beforeApplicationShutdown();
  }
}
