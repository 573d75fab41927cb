import { hostname } from 'node:os';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Subject, type Subscription } from 'rxjs';
import { WriteFence } from '../contracts/write-fence.js';
import { Clock } from '../kernel/clock.js';
import { type FeatureMode, modeInForce } from '../kernel/feature-mode.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { logEvent } from '../kernel/structured-event.js';
import { ProviderStatus } from '../provider/provider-status.service.js';
import { ScheduleRegistration } from '../schedule/ports/schedule-registration.js';
import { type RunRow, type SyncLook, SyncRuns } from './ports/sync-runs.js';
import { type Choice, chooseRun } from './run-choice.js';
import { RunningJob, type RunOver } from './running-job.js';
import { SyncOffError, UnknownJobError } from './sync.errors.js';
import { ResolvedSyncOptions } from './sync.options.js';
import type { RunKind, SyncJob } from './sync-job.js';
import { type ScheduledJob, SyncJobs } from './sync-jobs.js';

const STOP_WAIT_MS = 3_000;
/** Requests are spent one after the other anyway: more runs at once would only hold more memory. */
const ENTITIES_AT_ONCE = 1;

/** How one entity or job stands. Times are unix ms. */
export interface JobStatus {
  readonly name: string;
  readonly replaces: string;
  readonly isEnabled: boolean;
  /** in whatever instance */
  readonly isRunning: boolean;
  /** cron patterns, UTC */
  readonly schedule: readonly string[];
  readonly verdict: string | null;
  readonly finishedAtMs: number | null;
  /** what is stored is what the provider had then */
  readonly completeAtMs: number | null;
}

/**
 * Runs the entities and jobs of the sync: one worker in place of twelve.
 *
 * Each instance looks every `pollMs` what is due by the database's clock. Who claims a run has it: for its own heartbeats long,
 * and no other instance runs that entity meanwhile. What an instance leaves behind when it dies is taken over.
 */
@Injectable()
export class EntitySyncWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Sync');
  private readonly runner = `${hostname()} ${process.pid}`;
  private readonly running = new Map<string, RunningJob>();
  private readonly looks = new Subject<SyncLook>();
  private readonly subscriptions: Subscription[] = [];
  private readonly poller: Poller;
  private last: SyncLook | null = null;
  private enrolled = false;
  private stopped = false;

  constructor(
    private readonly options: ResolvedSyncOptions,
    private readonly runs: SyncRuns,
    private readonly jobs: SyncJobs,
    private readonly fence: WriteFence,
    private readonly provider: ProviderStatus,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
    private readonly metrics: LiveScoreMetrics,
    @Optional() private readonly registration?: ScheduleRegistration,
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
    this.subscriptions.push(this.fence.lost$.subscribe(() => this.leaveThoseOfTheFeed()));
    this.subscriptions.push(this.jobs.wake$.subscribe((name) => void this.wake(name)));
    for (const { name } of this.jobs.all) await this.registration?.register(registeredName(name));
    this.poller.start();
    void this.poller.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    for (const { name } of this.jobs.all) this.registration?.remove(registeredName(name));
    await this.poller.stop(STOP_WAIT_MS);
    await Promise.all([...this.running.values()].map((one) => one.leave(STOP_WAIT_MS)));
    this.looks.complete();
  }

  /** In force here, as of the last look. */
  get mode(): FeatureMode {
    return modeInForce(this.last?.settings.get('sync_mode') ?? null, this.options.mode);
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
    await this.poller.run();
    if (this.mode !== 'on' || !this.isEnabled(job.name)) throw new SyncOffError(job.name, this.mode);
    const wantedAtMs = await this.runs.want(job.name, kind, 'runNow');
    if (wantedAtMs === null) throw new UnknownJobError(name, []);
    const ended = this.ended(job.name, wantedAtMs, signal);
    void this.poller.run();
    await ended;
    return this.statusOf(found);
  }

  status(): readonly JobStatus[] {
    return this.jobs.scheduled.map((scheduled) => this.statusOf(scheduled));
  }

  /** One look at what is due, at once. Never rejects. */
  look(): Promise<void> {
    return this.poller.run();
  }

  private statusOf({ job, crons }: ScheduledJob): JobStatus {
    const row = this.rowOf(job.name);
    return {
      name: job.name,
      replaces: job.replaces,
      isEnabled: this.isEnabled(job.name),
      isRunning: row !== undefined && row.runId !== null,
      schedule: crons,
      verdict: row?.verdict ?? null,
      finishedAtMs: row?.finishedAtMs ?? null,
      completeAtMs: row?.completeAtMs ?? null,
    };
  }

  private async turn(): Promise<void> {
    if (!this.enrolled) await this.enrol();
    const look = await this.runs.look();
    this.last = look;
    this.looks.next(look);
    for (const one of this.running.values()) if (!this.mayGoOn(one)) one.end();
    for (const { job, row, choice } of this.chosen(look)) await this.begin(job, row, choice);
  }

  private async enrol(): Promise<void> {
    const names = this.jobs.all.map(({ name }) => name);
    const cursored = this.jobs.all.filter(({ canDiff, hasCursor }) => canDiff && hasCursor).map(({ name }) => name);
    for (const { entity, value, isSound } of await this.runs.enrol(names, cursored)) {
      if (isSound) this.logger.log('A cursor of the old worker is taken over', { entity, value });
      else this.logger.warn('A cursor of the old worker is no time: everything is read again', { entity, value });
    }
    this.enrolled = true;
  }

  /** What is due here, parents before their children. */
  private *chosen(look: SyncLook): Iterable<{ job: SyncJob; row: RunRow; choice: NonNullable<Choice> }> {
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
        isEnabled: this.isEnabled(job.name),
        hasFeed: this.fence.granted,
        limits: this.options,
      });
      if (!choice) continue;
      due.add(job.name);
      const isWanted = choice.does === 'claim' && 'wanted' in choice.cause;
      if (
        !isWanted &&
        (job.after.some((parent) => due.has(parent) || this.isRunning(parent, look)) || !this.hasRoomFor(job))
      )
        continue;
      yield { job, row, choice };
    }
  }

  private isRunning(name: string, look: SyncLook): boolean {
    return this.running.has(name) || look.rows.some(({ entity, runId }) => entity === name && runId !== null);
  }

  private hasRoomFor(job: SyncJob): boolean {
    if (job.needsFeed) return true;
    return [...this.running.values()].filter((one) => !one.job.needsFeed).length < ENTITIES_AT_ONCE;
  }

  private async begin(job: SyncJob, row: RunRow, choice: NonNullable<Choice>): Promise<void> {
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

  private async ends({ job, kind, end, counts, tookMs }: RunOver): Promise<void> {
    this.running.delete(job.name);
    if (end) {
      this.metrics.syncRuns.inc({ entity: job.name, verdict: end.verdict });
      const level = end.verdict === 'complete' ? (counts.seen > 0 && job.canDiff ? 'info' : 'debug') : 'warn';
      const { verdict, error } = end;
      const took_ms = Math.round(tookMs);
      logEvent(
        this.logger,
        'sync.run',
        { level, entity: job.name, kind, verdict, ...counts, took_ms, error },
        this.clock,
      );
      if (end.requiresFull) await this.requireFull();
    }
    if (!this.stopped) await this.poller.run();
  }

  private async requireFull(): Promise<void> {
    try {
      await this.runs.requireFull(this.jobs.all.filter(({ canDiff }) => canDiff).map(({ name }) => name));
    } catch (error) {
      this.logger.error('Entities could not be told to read everything', { error });
    }
  }

  private async wake(name: string): Promise<void> {
    if (!this.fence.granted) return;
    try {
      if ((await this.runs.want(name, 'incremental', 'unknown match')) !== null) await this.poller.run();
    } catch {
      // the schedule comes within a minute
    }
  }

  private leaveThoseOfTheFeed(): void {
    for (const one of this.running.values()) if (one.job.needsFeed) void one.leave(STOP_WAIT_MS);
  }

  private mayGoOn({ isDiff, job }: RunningJob): boolean {
    return isDiff ? this.mode !== 'off' : this.mode === 'on' && this.isEnabled(job.name);
  }

  private isEnabled(name: string): boolean {
    if (this.registration?.isRemoved(registeredName(name))) return false;
    const flag = this.last?.settings.get(`sync.${name}.enabled`);
    if (flag !== undefined) return flag === 'true';
    return this.options.jobs.get(name)?.enabled ?? this.options.enabled;
  }

  private rowOf(name: string): RunRow | undefined {
    return this.last?.rows.find(({ entity }) => entity === name);
  }

  /** The first look that shows neither the wish nor a run, but one that ended since. */
  private ended(name: string, wantedAtMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        subscription.unsubscribe();
        reject(signal?.reason);
      };
      const subscription = this.looks.subscribe({
        next: ({ rows }) => {
          const row = rows.find(({ entity }) => entity === name);
          if (!row || row.wanted !== null || row.runId !== null || (row.finishedAtMs ?? 0) < wantedAtMs) return;
          subscription.unsubscribe();
          signal?.removeEventListener('abort', stop);
          resolve();
        },
        complete: () => reject(new Error('The application stops')),
      });
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
  }
}

/** Its name in the host's `SchedulerRegistry`. */
function registeredName(job: string): string {
  return `livescore.sync.${job}`;
}
