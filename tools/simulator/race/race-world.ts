import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CommittedChanges } from '../../../src/contracts/committed-changes.js';
import { MatchLookups } from '../../../src/contracts/match-lookups.js';
import { UpdateSink } from '../../../src/contracts/update-sink.js';
import { isLive } from '../../../src/domain/match-status.js';
import { FeedRecoveryModule } from '../../../src/feed-recovery/feed-recovery.module.js';
import { JournalWatermark } from '../../../src/feed-recovery/ports/journal-watermark.js';
import { LiveMatches } from '../../../src/feed-recovery/ports/live-matches.js';
import { Accounting } from '../../../src/kernel/accounting.js';
import { Clock } from '../../../src/kernel/clock.js';
import { LiveScoreMetrics } from '../../../src/kernel/livescore-metrics.js';
import { Scheduler } from '../../../src/kernel/scheduler.js';
import { FeedSignalStream } from '../../../src/mqtt-ingest/feed-signal-stream.js';
import { MqttFeedTransport } from '../../../src/mqtt-ingest/mqtt-feed-transport.js';
import { MqttIngestModule } from '../../../src/mqtt-ingest/mqtt-ingest.module.js';
import { BrokerBackpressure } from '../../../src/mqtt-ingest/ports/broker-backpressure.js';
import { FeedConnection } from '../../../src/mqtt-ingest/ports/feed-connection.js';
import { ProviderApi } from '../../../src/provider/ports/provider-api.js';
import { ProviderLists } from '../../../src/provider/ports/provider-lists.js';
import { ProviderModule } from '../../../src/provider/provider.module.js';
import { ScoreStore } from '../../../src/score-writer/ports/score-store.js';
import { ScoreWriterModule } from '../../../src/score-writer/score-writer.module.js';
import type { JournalEntry } from '../../../src/testing/in-memory-score-row.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import { EmptyWatermark } from '../simulated-provider.js';
import type { Outage } from '../truth/faults/fault.js';
import { EPOCH_MS } from '../truth/moment.js';
import { TruthFeed } from '../truth/truth-feed.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../virtual-time.js';
import { RaceFixtures } from './race-fixtures.js';
import { RaceJobs } from './race-jobs.js';
import { drawRaceMatch, type RaceMatch } from './race-match.js';
import { RaceAnswers, RaceApi, RaceLists, type RaceManners, STALE_AND_SLOW } from './race-provider.js';
import { RaceReferee } from './race-referee.js';
import { RaceStore } from './race-store.js';

export interface RacePlan {
  readonly seed: number;
  readonly matches: number;
  readonly qos: 0 | 1;
  /** @default slow and stale */
  readonly manners?: RaceManners;
  /** of the feed. @default none */
  readonly outages?: readonly Outage[];
}

/** What a race came to. */
export interface RaceResult {
  /** frames and answers that arrived */
  readonly steps: number;
  readonly frames: number;
  readonly answers: number;
  readonly commits: readonly JournalEntry[];
  /** of these, pulled */
  readonly pulled: number;
  /** runs of the jobs by how they ended */
  readonly ends: ReadonlyMap<string, number>;
  readonly referees: ReadonlyMap<string, RaceReferee>;
}

/**
 * A feed and a provider that tell of the same matches, on the real intake, jobs, guard and writer. Nothing but virtual time
 * goes by. After every step each new row is judged.
 */
export class RaceWorld {
  readonly time = new VirtualTime();
  readonly clock = new VirtualClock(this.time, EPOCH_MS);
  readonly store: RaceStore;
  readonly referees: ReadonlyMap<string, RaceReferee>;
  /** looks at the world after every step */
  watch: () => void = () => {};
  private readonly owner = { alive: true };
  private readonly scheduler: Scheduler;
  private readonly matches: readonly RaceMatch[];
  private readonly answers: RaceAnswers;
  private readonly feed: TruthFeed;
  private judged = 0;
  private frames = 0;
  private fault: unknown = null;

  constructor(private readonly plan: RacePlan) {
    const { seed, qos, outages = [], manners = STALE_AND_SLOW } = plan;
    const chance = (part: number) => new SeededRandom(seed * 31 + part);
    this.matches = Array.from({ length: plan.matches }, (_, n) =>
      drawRaceMatch(`race${seed}x${n}`, seed * 1_009 + n, outages),
    );
    this.referees = new Map(this.matches.map((match) => [match.id, new RaceReferee(match)]));
    this.store = new RaceStore(this.time, chance(1));
    this.scheduler = new VirtualScheduler(this.time, this.owner, chance(2));
    this.answers = new RaceAnswers(this.time, this.clock, chance(3), this.matches, manners);
    this.feed = new TruthFeed(qos, () => this.clock.nowMs());
    for (const { id } of this.matches) this.store.insert(id);
  }

  /** Plays every match to its end. @throws RaceFault */
  async run(): Promise<RaceResult> {
    const module = await this.start();
    const jobs = this.jobsOf(module);
    jobs.start();
    for (const match of this.matches) this.schedule(match);
    for (const outage of this.plan.outages ?? []) this.breakAt(outage);
    const untilMs = Math.max(...this.matches.map(({ horizonMs }) => horizonMs));
    while (this.time.nowMs < untilMs && this.time.runNext()) {
      await this.store.turn();
      this.judge();
      this.fault ??= jobs.failure;
      if (this.fault) break;
      this.watch();
    }
    jobs.stop();
    if (this.fault) throw this.fault;
    await this.end(module);
    const { journal } = this.store;
    const { frames, answers, referees } = this;
    return {
      steps: frames + answers.answered,
      frames,
      answers: answers.answered,
      commits: journal,
      pulled: journal.filter(({ catchUp }) => catchUp).length,
      ends: jobs.ends,
      referees,
    };
  }

  private async start(): Promise<TestingModule> {
    const imports = [
      ScoreWriterModule.forRoot({ driftCheckMs: 60_000 }),
      ProviderModule.forRoot({}),
      FeedRecoveryModule.forRoot({}),
      MqttIngestModule.forRoot({ qos: this.plan.qos, clientId: 'race' }),
    ];
    const builder = Test.createTestingModule({ imports });
    const parts = [
      [Clock, this.clock],
      [Scheduler, this.scheduler],
      [ScoreStore, this.store],
      [FeedConnection, this.feed],
      [ProviderApi, new RaceApi(this.answers)],
      [LiveMatches, this.liveMatches()],
      [JournalWatermark, new EmptyWatermark()],
    ] as const;
    for (const [token, part] of parts) builder.overrideProvider(token).useValue(part);
    const module = await builder.compile();
    Logger.overrideLogger(false);
    this.feed.tell = (signal) => module.get(FeedSignalStream, { strict: false }).publish(signal);
    module.get(CommittedChanges, { strict: false }).batches$.subscribe((batch) => {
      for (const change of batch) {
        if (change.kind !== 'score') continue;
        this.hold(() => this.referees.get(change.matchId)?.announced(change, this.time.nowMs));
      }
    });
    module.get(MqttFeedTransport, { strict: false }).listen(() => {});
    await module.init();
    return module;
  }

  /** What waits for its end waits in virtual time. */
  private async end(module: TestingModule): Promise<void> {
    let isOver = false;
    const closed = module.close().finally(() => {
      isOver = true;
    });
    while (!isOver && this.time.runNext()) await this.store.turn();
    await closed;
    this.owner.alive = false;
  }

  private jobsOf(module: TestingModule): RaceJobs {
    const { clock, scheduler, store, answers } = this;
    return new RaceJobs({
      clock,
      scheduler,
      metrics: module.get(LiveScoreMetrics, { strict: false }),
      accounting: module.get(Accounting, { strict: false }),
      lookups: module.get(MatchLookups, { strict: false }),
      sink: module.get(UpdateSink, { strict: false }),
      backlog: module.get(BrokerBackpressure, { strict: false }),
      api: module.get(ProviderApi, { strict: false }),
      lists: new RaceLists(answers) satisfies ProviderLists,
      fixtures: new RaceFixtures(store),
    });
  }

  private liveMatches(): LiveMatches {
    return {
      list: async (limit) =>
        this.matches
          .flatMap(({ id }) => this.store.row(id) ?? [])
          .filter(({ status }) => isLive(status))
          .slice(0, limit)
          .map(({ matchId, seenAtMs }) => ({ matchId, seenAtMs })),
    };
  }

  private schedule({ id, frames, horizonMs }: RaceMatch): void {
    for (const frame of frames)
      this.at(frame.atMs, () => {
        this.frames += 1;
        this.feed.arrives(id, frame);
      });
    this.at(horizonMs - 1, () => this.hold(() => this.referees.get(id)?.finished(this.time.nowMs)));
  }

  private breakAt({ fromMs, toMs }: Outage): void {
    this.at(fromMs, () => this.feed.lost());
    this.at(toMs, () => this.feed.connected(false));
  }

  /** Each row that is new since the last step. */
  private judge(): void {
    const { journal } = this.store;
    for (; this.judged < journal.length; this.judged++) {
      const entry = journal[this.judged] as JournalEntry;
      this.hold(() => this.referees.get(entry.matchId)?.committed(entry, this.time.nowMs));
    }
  }

  /** Nobody inside the core may catch what the referee throws. */
  private hold(rule: () => void): void {
    try {
      rule();
    } catch (error) {
      this.fault ??= error;
    }
  }

  private at(atMs: number, action: () => void): void {
    this.time.after(atMs - this.time.nowMs, this.owner, action);
  }
}
