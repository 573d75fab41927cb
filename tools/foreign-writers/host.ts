import { Test, type TestingModule } from '@nestjs/testing';
import { AfterCommitModule } from '../../src/after-commit/after-commit.module.js';
import { Audience } from '../../src/broadcast/ports/audience.js';
import type { ScoreUpdate } from '../../src/domain/decide.js';
import { ForeignWriterWatch } from '../../src/foreign-writers/foreign-writer-watch.js';
import { ForeignWritersModule } from '../../src/foreign-writers/foreign-writers.module.js';
import { Clock } from '../../src/kernel/clock.js';
import { Scheduler, SystemScheduler } from '../../src/kernel/scheduler.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { Database } from '../../src/postgres/database.js';
import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';
import { DriftCheck } from '../../src/score-writer/drift-check.js';
import { Mailboxes } from '../../src/score-writer/mailboxes.js';
import { ScoreWriter } from '../../src/score-writer/score-writer.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import { WriterDrain } from '../../src/score-writer/writer-drain.js';
import { FakeClock } from '../../src/testing/index.js';
import { eventually } from '../../test/support/eventually.js';

/** A cycle of the drift check and two looks of the watch: what a host does within a second. */
const ROUNDS = 5;

/** "How long ago" is asked of the clock of the story; pauses are real. */
class StoryScheduler extends SystemScheduler {
  constructor(private readonly clock: Clock) {
    super();
  }

  override monotonicMs(): number {
    return this.clock.nowMs();
  }

  /** The program calls the rounds itself. */
  override every(): () => void {
    return () => undefined;
  }
}

/** Writer, drift check, watch and broadcast of the package on a real database, on the clock of the story. */
export class Host {
  private constructor(
    readonly clock: FakeClock,
    private readonly module: TestingModule,
    private readonly database: PgDatabase,
  ) {}

  static async on(url: string, screen: Audience, startS: number): Promise<Host> {
    const clock = new FakeClock(startS * 1000);
    const database = new PgDatabase({ connectionString: url }, resolvePostgresOptions());
    class Neighbours {}
    const providers = [
      { provide: Database, useValue: database },
      { provide: Audience, useValue: screen },
    ];
    const module = await Test.createTestingModule({
      imports: [
        { module: Neighbours, global: true, providers, exports: [Database, Audience] },
        ScoreWriterModule.forRoot({}),
        ForeignWritersModule.forRoot({}),
        AfterCommitModule,
      ],
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(Scheduler)
      .useValue(new StoryScheduler(clock))
      .compile();
    await module.init();
    return new Host(clock, module, database);
  }

  hear(update: ScoreUpdate): void {
    this.module.get(ScoreWriter).submit([update]);
  }

  /** What the timers of a host do within a second. */
  async second(): Promise<void> {
    const watch = this.module.get(ForeignWriterWatch);
    const drift = this.module.get(DriftCheck);
    await watch.poll();
    for (let round = 0; round < ROUNDS; round++) await drift.round();
    await this.settled();
    await watch.poll();
  }

  async settled(): Promise<void> {
    const mailboxes = this.module.get(Mailboxes);
    await eventually(() => mailboxes.busyCount() === 0, { what: 'the writer to have written', timeoutMs: 20_000 });
  }

  async end(): Promise<void> {
    await this.module.get(WriterDrain).beforeApplicationShutdown();
    await this.module.close();
    await this.database.close();
  }
}
