import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CommittedChanges } from '../../src/contracts/committed-changes.js';
import { DeadLettersModule } from '../../src/dead-letters/dead-letters.module.js';
import { DeadLetterStore } from '../../src/dead-letters/ports/dead-letter-store.js';
import { FeedRecoveryModule } from '../../src/feed-recovery/feed-recovery.module.js';
import { JournalWatermark } from '../../src/feed-recovery/ports/journal-watermark.js';
import { LiveMatches } from '../../src/feed-recovery/ports/live-matches.js';
import { Accounting, type Balance } from '../../src/kernel/accounting.js';
import { Clock } from '../../src/kernel/clock.js';
import { Scheduler } from '../../src/kernel/scheduler.js';
import { MatchDetailsModule } from '../../src/match-details/match-details.module.js';
import { DetailsStore } from '../../src/match-details/ports/details-store.js';
import { FeedSignalStream } from '../../src/mqtt-ingest/feed-signal-stream.js';
import { MqttFeedTransport } from '../../src/mqtt-ingest/mqtt-feed-transport.js';
import { MqttIngestModule } from '../../src/mqtt-ingest/mqtt-ingest.module.js';
import { FeedConnection } from '../../src/mqtt-ingest/ports/feed-connection.js';
import type { FeedSignal } from '../../src/mqtt-ingest/ports/feed-signals.js';
import { ProviderApi } from '../../src/provider/ports/provider-api.js';
import { ProviderModule } from '../../src/provider/provider.module.js';
import { ScoreStore } from '../../src/score-writer/ports/score-store.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import { EmptyWatermark } from './simulated-provider.js';

/** What the simulated world gives to one process. */
export interface CoreParts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly scores: ScoreStore;
  readonly letters: DeadLetterStore;
  readonly details: DetailsStore;
  readonly connection: FeedConnection & { tell: (signal: FeedSignal) => void };
  readonly provider: ProviderApi;
  readonly liveMatches: LiveMatches;
  readonly batchSize: number;
}

/** The real core, wired by its own modules, on simulated time, network and database. */
export class Core {
  readonly changes: CommittedChanges;
  private readonly accounting: Accounting;

  private constructor(private readonly module: TestingModule) {
    this.accounting = module.get(Accounting, { strict: false });
    this.changes = module.get(CommittedChanges, { strict: false });
  }

  static async start(given: CoreParts): Promise<Core> {
    const imports = [
      DeadLettersModule.forRoot({}),
      ScoreWriterModule.forRoot({ batchSize: given.batchSize }),
      MatchDetailsModule,
      ProviderModule.forRoot({}),
      FeedRecoveryModule.forRoot({}),
      MqttIngestModule.forRoot({ qos: 1, clientId: 'simulated' }),
    ];
    const builder = Test.createTestingModule({ imports });
    const parts = [
      [Clock, given.clock],
      [Scheduler, given.scheduler],
      [ScoreStore, given.scores],
      [DeadLetterStore, given.letters],
      [DetailsStore, given.details],
      [FeedConnection, given.connection],
      [ProviderApi, given.provider],
      [LiveMatches, given.liveMatches],
      [JournalWatermark, new EmptyWatermark()],
    ] as const;
    for (const [token, part] of parts) builder.overrideProvider(token).useValue(part);
    const module = await builder.compile();
    Logger.overrideLogger(false);
    given.connection.tell = (signal) => module.get(FeedSignalStream, { strict: false }).publish(signal);
    return new Core(module);
  }

  get inFlight(): number {
    return this.accounting.inFlight().count;
  }

  balance(): Balance {
    return this.accounting.balance();
  }

  async run(): Promise<void> {
    const transport = this.module.get(MqttFeedTransport);
    transport.listen(() => {});
    await this.module.init();
  }

  /** As on SIGTERM. */
  async stop(): Promise<void> {
    await this.module.close();
  }
}
