import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  Command,
  PhaseCost,
  Report,
  RunningSubject,
  SubjectCounts,
  SubjectSettings,
  Turns,
} from './subjects/subject-messages.js';

export const SUBJECT_NAMES = [
  'raw',
  'rawBatched',
  'stockNest',
  'ours',
  'oursAtOnce',
  'stockEmpty',
  'oursReceive',
  'legacy',
  'oursBesideHealthy',
  'oursBesideHanging',
  'oursWithoutRedis',
] as const;
export type SubjectName = (typeof SUBJECT_NAMES)[number];

const FILES: Readonly<Record<SubjectName, string>> = {
  raw: 'raw.js',
  rawBatched: 'raw-batched.js',
  stockNest: 'stock-nest.js',
  ours: 'ours.js',
  oursAtOnce: 'ours.js',
  stockEmpty: 'stock-empty.js',
  oursReceive: 'ours-receive.js',
  legacy: 'legacy.js',
  oursBesideHealthy: 'ours-beside-legacy.js',
  oursBesideHanging: 'ours-beside-legacy.js',
  oursWithoutRedis: 'ours-beside-legacy.js',
};
/** What is wrong with the legacy path beside the subject. */
const LEGACY_FAULTS: Readonly<Partial<Record<SubjectName, string>>> = {
  oursBesideHanging: 'hangs',
  oursWithoutRedis: 'no-redis',
};
/** how a file of an allocation profile ends; the others are CPU profiles */
export const ALLOCATIONS_SUFFIX = '.heapprofile';
const ANSWER_TIMEOUT_MS = 20_000;
const TURNS_TIMEOUT_MS = 120_000;
const NOTHING: SubjectCounts = { received: 0, absorbed: 0, rows: 0, refused: 0 };

/** One subject in its own process, and the side channel to it. */
export class SubjectProcess {
  /** since the phase began, as last reported */
  progress: SubjectCounts = NOTHING;
  screen: RunningSubject['screen'] | undefined;
  private readonly reports = new EventEmitter();
  private failure: Error | undefined;

  private constructor(
    readonly name: SubjectName,
    private readonly child: ChildProcess,
  ) {
    child.on('message', (report: Report) => {
      if (report.type === 'progress') this.progress = report.counts;
      this.reports.emit(report.type, report);
    });
    this.reports.on('error', (error) => {
      this.failure ??= error;
    });
    child.on('error', (error) => this.reports.emit('error', error));
    child.once('exit', (code) => this.reports.emit('error', new Error(`subject ${name} ended with code ${code}`)));
  }

  /**
   * @param signal ends the process at once; whatever waits for it then fails
   * @param checkout folder of another commit, compiled, whose subject it is; null: of this one
   */
  static async start(
    name: SubjectName,
    settings: SubjectSettings,
    signal: AbortSignal,
    checkout: string | null = null,
  ): Promise<SubjectProcess> {
    const here = fileURLToPath(new URL('./subjects', import.meta.url));
    const folder = checkout === null ? here : resolve(checkout, 'dist/app/bench/subjects');
    const child = fork(resolve(folder, FILES[name]), {
      env: {
        ...process.env,
        BENCH_MQTT_URL: settings.mqttUrl,
        BENCH_TOPIC: settings.topic,
        BENCH_DATABASE_URL: settings.databaseUrl,
        BENCH_QOS: String(settings.qos),
        BENCH_KICKOFF_S: String(settings.kickoffS),
        BENCH_LEGACY: LEGACY_FAULTS[name],
        BENCH_ACKNOWLEDGE: name === 'oursAtOnce' ? 'on-receipt' : 'after-commit',
      },
      stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
      signal,
    });
    const subject = new SubjectProcess(name, child);
    const ready = (await subject.answer('ready')) as Extract<Report, { type: 'ready' }>;
    subject.screen = ready.screen;
    return subject;
  }

  async begin(reportProgress: boolean, profileFile: string | null): Promise<void> {
    const profile = profileFile === null ? null : profileFile.endsWith(ALLOCATIONS_SUFFIX) ? 'allocations' : 'cpu';
    this.progress = NOTHING;
    await this.ask({ type: 'begin', reportProgress, profile }, 'begun');
  }

  /** Feeds a subject that was started on a feed in turns. */
  async run(turns: Turns): Promise<void> {
    await this.ask({ type: 'turns', turns }, 'turned', TURNS_TIMEOUT_MS);
  }

  async end(profileFile: string | null = null): Promise<PhaseCost> {
    const report = await this.ask({ type: 'end', profileFile }, 'ended');
    return (report as Extract<Report, { type: 'ended' }>).cost;
  }

  /** @returns what it holds after a full collection, bytes */
  async weigh(): Promise<number> {
    const report = await this.ask({ type: 'weigh' }, 'weighed');
    return (report as Extract<Report, { type: 'weighed' }>).heldBytes;
  }

  /** @returns false when there was no further progress report in time */
  async untilProgress(reached: (progress: SubjectCounts) => boolean, stallMs: number): Promise<boolean> {
    while (!reached(this.progress)) {
      try {
        await once(this.reports, 'progress', { signal: AbortSignal.timeout(stallMs) });
      } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') return false;
        throw error;
      }
    }
    return true;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    this.send({ type: 'stop' });
    await exited.catch(() => this.child.kill('SIGKILL'));
  }

  private async ask(command: Command, answer: Report['type'], withinMs = ANSWER_TIMEOUT_MS): Promise<Report> {
    if (this.failure) throw this.failure;
    const answered = this.answer(answer, withinMs);
    this.send(command);
    return answered;
  }

  private async answer(type: Report['type'], withinMs = ANSWER_TIMEOUT_MS): Promise<Report> {
    const [report] = await once(this.reports, type, { signal: AbortSignal.timeout(withinMs) });
    return report as Report;
  }

  private send(command: Command): void {
    this.child.send(command);
  }
}
