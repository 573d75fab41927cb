import { hostname } from 'node:os';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { WriteFence } from '../contracts/write-fence.js';
import type { RunKind } from '../domain/sync/run-facts.js';
import type { FeatureMode } from '../kernel/feature-mode.js';
import { logFields } from '../kernel/log-fields.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ProviderStatus } from '../provider/provider-status.service.js';
import { type RunRow, type SyncLook, SyncRuns } from './ports/sync-runs.js';
import { type Choice, chooseRun } from './run-choice.js';
import { RunReport } from './run-report.js';
import { RunningJob, type RunOver } from './running-job.js';
import { SyncOffError, UnknownJobError } from './sync.errors.js';
import { ResolvedSyncOptions } from './sync.options.js';
import type { SyncJob } from './sync-job.js';
import { SyncJobs } from './sync-jobs.js';
import { type JobStatus, SyncState } from './sync-state.js';

const STOP_WAIT_MS = 3_000;
/** Requests are spent one after the other anyway: more runs at once would only hold more memory. */
const ENTITIES_AT_ONCE = 1;
/** The jobs that read the live matches of the provider, and those of the rows. */
const BOTH_SIDES = ['live', 'watchdog'];

interface DueRun {
  readonly job: SyncJob;
  readonly row: RunRow;
  readonly choice: NonNullable<Choice>;
}

/**
 * The worker runs the entities and jobs of the sync: one in place of twelve.
 *
 * Each instance looks every `pollMs` what is due by the database's clock. Who claims a run has it for as long as it gives signs
 * of life, and no other instance runs that entity meanwhile. What an instance leaves behind when it dies is taken over.
 */
@Injectable()
export class EntitySyncWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Sync');
  private readonly runner = `${hostname()} ${process.pid}`;
  private readonly running = new Map<string, RunningJob>();
  private readonly subscriptions: Subscription[] = [];
  private readonly poller: Poller;
  private enrolled = false;
  private stopped = false;

  constructor(
    private readonly options: ResolvedSyncOptions,
    private readonly runs: SyncRuns,
    private readonly jobs: SyncJobs,
    private readonly state: SyncState,
    private readonly report: RunReport,
    private readonly fence: WriteFence,
    private readonly provider: ProviderStatus,
    private readonly scheduler: Scheduler,
  ) {
    const warning = new SampledWarning(this.logger, 'What is due cannot be read');
    this.poller = new Poller(scheduler, { everyMs: options.pollMs, turn: () => this.turn(), warning });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.options.mode === 'off') return;
    if (!this.provider.enabled) {
      this.logger.warn('Nothing is kept as the provider has it: no credentials');
      return;
    }
    this.subscriptions.push(
      this.jobs.wake$.subscribe((name) => void this.wake(name)),
      this.fence.lost$.subscribe(() => this.leaveThoseOfTheFeed()),
    );
    await this.state.list();
    this.poller.start();
    void this.poller.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.state.unlist();
    await this.poller.stop(STOP_WAIT_MS);
    await Promise.all([...this.running.values()].map((one) => one.leave(STOP_WAIT_MS)));
  }

  /** In force here, as of the last look. */
  get mode(): FeatureMode {
    return this.state.mode;
  }

  /** Are the live matches of both sides read while this process takes the feed? */
  get comparesLive(): boolean {
    if (this.mode !== 'on' || !this.provider.enabled) return false;
    return BOTH_SIDES.every((name) => {
      const isScheduled = (this.jobs.find(name)?.crons.length ?? 0) > 0;
      return isScheduled && this.state.isEnabled(name);
    });
  }

  /** How every entity and job stands, as of the last look. */
  status(): readonly JobStatus[] {
    return this.state.all();
  }

  /**
   * Asks for a run now and waits for its end, in whatever instance it runs.
   * @param name as in `status()`, in whatever case
   * @throws UnknownJobError
   * @throws SyncOffError when it would not run: the mode is not `on`, or it is switched off
   * @throws the signal's reason when the caller does not want to wait any more; the run goes on
   */
  async runNow(name: string, kind: RunKind = 'incremental', signal?: AbortSignal): Promise<JobStatus> {
    const found = this.jobs.find(name);
    if (!found) throw new UnknownJobError(name, this.jobs.all);
    const { job } = found;
    await this.look();
    if (this.mode !== 'on' || !this.state.isEnabled(job.name)) throw new SyncOffError(job.name, this.mode);
    const wantedAtMs = await this.runs.want(job.name, kind, 'runNow');
    if (wantedAtMs === null) throw new SyncOffError(job.name, 'not read from the database yet');
    const ended = this.state.ended(job.name, wantedAtMs, signal);
    void this.look();
    await ended;
    return this.state.of(found);
  }

  /** One look at what is due, at once. Never rejects. */
  look(): Promise<void> {
    return this.poller.run();
  }

  private async turn(): Promise<void> {
    if (!this.enrolled) await this.enrol();
    const look = await this.runs.look();
    this.state.take(look);
    for (const one of this.running.values()) if (!this.mayGoOn(one)) one.end();
    for (const due of this.due(look)) await this.begin(due);
  }

  private async enrol(): Promise<void> {
    const cursored = this.jobs.all.filter(({ canDiff, hasCursor }) => canDiff && hasCursor);
    const adopted = await this.runs.enrol(namesOf(this.jobs.all), namesOf(cursored));
    this.report.adopted(adopted);
    for (const job of this.jobs.all) await job.prepare();
    this.enrolled = true;
  }

  /** What is due here, parents before their children. */
  private *due(look: SyncLook): Iterable<DueRun> {
    const due = new Set<string>();
    for (const { job, schedule } of this.jobs.scheduled) {
      const row = look.rows.find(({ entity }) => entity === job.name);
      if (!row || this.running.has(job.name)) continue;
      const choice = chooseRun({
        job,
        row,
        schedule,
        nowMs: look.nowMs,
        mode: this.mode,
        isEnabled: this.state.isEnabled(job.name),
        hasFeed: this.fence.granted,
        limits: this.options,
      });
      if (!choice) continue;
      due.add(job.name);
      const isWanted = choice.does === 'claim' && 'wanted' in choice.cause;
      const waitsForParents = job.after.some((parent) => due.has(parent) || this.isRunning(parent));
      if (isWanted || (!waitsForParents && this.hasRoomFor(job))) yield { job, row, choice };
    }
  }

  private isRunning(name: string): boolean {
    return this.running.has(name) || (this.state.rowOf(name)?.runId ?? null) !== null;
  }

  private hasRoomFor(job: SyncJob): boolean {
    if (job.needsFeed) return true;
    return [...this.running.values()].filter((one) => !one.job.needsFeed).length < ENTITIES_AT_ONCE;
  }

  private async begin({ job, row, choice }: DueRun): Promise<void> {
    const claimed =
      choice.does === 'claim'
        ? await this.runs.claim(job.name, choice.kind, choice.cause, this.runner)
        : await this.runs.takeOver(row, this.options.takeOverAfterMs, this.runner);
    const runId = claimed?.runId ?? null;
    if (claimed === null || runId === null) return;
    const isFull = job.canDiff && claimed.kind === 'full';
    const acceptsDeletions = isFull && (await this.runs.takeSetting(`sync.${job.name}.accept_deletions`));
    const { runs, scheduler } = this;
    const running = new RunningJob(job, { ...claimed, runId }, { runs, scheduler, acceptsDeletions });
    this.running.set(job.name, running);
    void running.over.then((over) => this.ends(over));
  }

  private async ends(over: RunOver): Promise<void> {
    this.running.delete(over.job.name);
    this.report.ended(over);
    if (over.end?.requiresFull) await this.requireFull();
    if (!this.stopped) await this.look();
  }

  private async requireFull(): Promise<void> {
    try {
      await this.runs.requireFull(namesOf(this.jobs.all.filter(({ canDiff }) => canDiff)));
    } catch (error) {
      this.logger.error('Entities could not be told to read everything', logFields({ error }));
    }
  }

  private async wake(name: string): Promise<void> {
    if (!this.fence.granted) return;
    try {
      if ((await this.runs.want(name, 'incremental', 'unknown match')) !== null) await this.look();
    } catch {
      // the schedule comes within a minute
    }
  }

  private leaveThoseOfTheFeed(): void {
    for (const one of this.running.values()) if (one.job.needsFeed) void one.leave(STOP_WAIT_MS);
  }

  private mayGoOn({ isDiff, job }: RunningJob): boolean {
    return isDiff ? this.mode !== 'off' : this.mode === 'on' && this.state.isEnabled(job.name);
  }
}

function namesOf(jobs: readonly SyncJob[]): readonly string[] {
  return jobs.map(({ name }) => name);
}
