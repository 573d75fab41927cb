import type { MatchLookups } from '../../../src/contracts/match-lookups.js';
import type { UpdateSink } from '../../../src/contracts/update-sink.js';
import type { RunEnd, RunKind } from '../../../src/domain/sync/run-facts.js';
import type { Accounting } from '../../../src/kernel/accounting.js';
import type { Clock } from '../../../src/kernel/clock.js';
import type { LiveScoreMetrics } from '../../../src/kernel/livescore-metrics.js';
import type { Scheduler } from '../../../src/kernel/scheduler.js';
import type { BrokerBackpressure } from '../../../src/mqtt-ingest/ports/broker-backpressure.js';
import type { ProviderApi } from '../../../src/provider/ports/provider-api.js';
import type { ProviderLists } from '../../../src/provider/ports/provider-lists.js';
import { PageReader } from '../../../src/sync/entity/page-reader.js';
import { DiaryJob } from '../../../src/sync/match/diary-job.js';
import { FixtureSaver } from '../../../src/sync/match/fixture-saver.js';
import { LiveJob } from '../../../src/sync/match/live-job.js';
import { MatchIntake } from '../../../src/sync/match/match-intake.js';
import { MatchLists } from '../../../src/sync/match/match-lists.js';
import { MatchSyncSettings } from '../../../src/sync/match/match-sync-settings.js';
import { PulledUpdates } from '../../../src/sync/match/pulled-updates.js';
import { RecentJob } from '../../../src/sync/match/recent-job.js';
import { UnknownMatches } from '../../../src/sync/match/unknown-matches.js';
import type { FixtureStore } from '../../../src/sync/ports/fixture-store.js';
import type { SyncJob } from '../../../src/sync/sync-job.js';
import { jobRun } from '../../../test/support/job-run.js';

export interface RaceJobParts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly metrics: LiveScoreMetrics;
  readonly accounting: Accounting;
  readonly lookups: MatchLookups;
  readonly sink: UpdateSink;
  readonly backlog: BrokerBackpressure;
  readonly api: ProviderApi;
  readonly lists: ProviderLists;
  readonly fixtures: FixtureStore;
}

/** A job with how often it is due, s. */
interface Due {
  readonly job: SyncJob;
  readonly kind: RunKind;
  readonly everyS: number;
}

/** The jobs of the sync that speak of scores, run as their schedules say: no job twice at once. */
export class RaceJobs {
  /** how the runs ended, by job and verdict: `live complete` */
  readonly ends = new Map<string, number>();
  /** a job that rejected: a bug */
  failure: unknown = null;
  private readonly unknown: UnknownMatches;
  private readonly due: readonly Due[];
  private readonly running = new Set<string>();
  private readonly watermarks = new Map<string, number | null>();

  constructor(private readonly parts: RaceJobParts) {
    const { clock, scheduler, metrics, accounting, lookups, sink, backlog, api, lists, fixtures } = parts;
    const pulled = new PulledUpdates(accounting, scheduler, sink);
    const settings = new MatchSyncSettings();
    this.unknown = new UnknownMatches(fixtures, clock, scheduler, lookups);
    const intake = new MatchIntake(
      new FixtureSaver(fixtures, scheduler),
      pulled,
      this.unknown,
      clock,
      scheduler,
      undefined,
      backlog,
    );
    const pages = new MatchLists(new PageReader(lists, scheduler, clock, metrics));
    const diary = new DiaryJob(pages, intake, settings, clock, scheduler);
    const live = new LiveJob(api, pulled, this.unknown, accounting, settings, backlog);
    this.due = [
      { job: live, kind: 'full', everyS: settings.liveEveryS },
      { job: new RecentJob(pages, intake, clock, scheduler), kind: 'incremental', everyS: 60 },
      { job: diary, kind: 'incremental', everyS: 600 },
    ];
  }

  start(): void {
    for (const { job, kind, everyS } of this.due)
      this.parts.scheduler.every(everyS * 1_000, () => void this.run(job, kind));
  }

  stop(): void {
    this.unknown.onModuleDestroy();
  }

  private async run(job: SyncJob, kind: RunKind): Promise<void> {
    const { name } = job;
    if (this.running.has(name)) return;
    this.running.add(name);
    const watermark = this.watermarks.get(name) ?? null;
    try {
      const end = await job.run(jobRun({ job: name, kind, watermark, startedAtMs: this.parts.clock.nowMs() }));
      this.ended(name, end);
    } catch (error) {
      this.failure ??= error;
    }
    this.running.delete(name);
  }

  private ended(name: string, { verdict, watermark }: RunEnd): void {
    if (verdict === 'complete' && watermark !== undefined) this.watermarks.set(name, watermark);
    this.ends.set(`${name} ${verdict}`, (this.ends.get(`${name} ${verdict}`) ?? 0) + 1);
  }
}
