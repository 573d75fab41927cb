import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type DeadLetter, type DeadLetterReason, DeadLetterSink } from '../contracts/dead-letter-sink.js';
import { Backoff } from '../kernel/backoff.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { classify, sqlState } from '../postgres/sql-state.js';
import { ResolvedDeadLettersOptions } from './dead-letters.options.js';
import { LetterBoundsKeeper } from './letter-bounds.js';
import { LetterErasures } from './letter-erasures.js';
import { DeadLetterStore, type StoredLetter } from './ports/dead-letter-store.js';
import { StorableLetters } from './storable-letter.js';
import { type WaitingLetter, WaitingLetters } from './waiting-letters.js';

const MEMORY = { letters: 1_000, bytes: 16 * 2 ** 20 };
const BATCH = { letters: 100, bytes: 2 ** 20 };
const RETRY = { firstMs: 50, maxMs: 1_000 };
const DRAIN_MS = 4_000;
const MESSAGES: Readonly<Record<DeadLetterReason, string>> = {
  malformed: 'A feed message could not be read: kept as a dead letter',
  'unknown-match': 'A feed message is about a match without a row: parked',
  'cannot-be-written': 'The database will never take an update: kept as a dead letter',
};

/**
 * Keeps dead letters: from memory into the table, one statement at a time, at most 100 letters or 1 MB each.
 *
 * idle → (bury, resolve, discard) → working → (nothing left) → idle; a statement that may succeed later → pausing
 * (0.05–1 s) → working. What the database will never take is narrowed down to its letter, counted and given up.
 * In memory wait, beside the letters whose senders wait for them, at most 1,000 letters or 16 MB: the oldest give way.
 */
@Injectable()
export class DeadLetterKeeper
  extends DeadLetterSink
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new Logger(DeadLetterKeeper.name);
  private readonly failure = new SampledWarning(this.logger, 'Dead letters cannot be stored, trying again');
  private readonly arrivals = new Map<DeadLetterReason, SampledWarning>();
  private readonly press = new StorableLetters();
  private readonly waiting = new WaitingLetters(MEMORY);
  private readonly erasures: LetterErasures;
  private readonly bounds: LetterBoundsKeeper;
  private readonly backoff: Backoff;
  private state: 'idle' | 'working' | 'pausing' = 'idle';
  private stopped = false;
  /** statements of one letter to come, to find the one that the database refuses */
  private single = 0;
  private becameIdle: (() => void) | null = null;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    options: ResolvedDeadLettersOptions,
  ) {
    super();
    this.erasures = new LetterErasures(store);
    this.bounds = new LetterBoundsKeeper({ rows: options.maxRowsPerReason, bytes: options.maxBytesPerReason });
    this.backoff = new Backoff(scheduler, RETRY);
  }

  override bury(letter: DeadLetter, buried?: () => void): void {
    this.metrics.deadLetters.inc({ reason: letter.reason });
    this.warn(letter);
    this.countDropped(this.waiting.add(this.press.storable(letter), buried));
    this.wake();
  }

  override resolve(matchId: string): void {
    for (const buried of this.waiting.cancelParked(matchId)) buried();
    this.erasures.resolve(matchId, this.clock.nowMs());
    this.wake();
  }

  /** The letter has done its service: deleted unless newer content took its place. */
  discard(letter: StoredLetter): void {
    this.erasures.discard(letter);
    this.wake();
  }

  /** The table may be over its bounds from before. */
  onApplicationBootstrap(): void {
    this.wake();
  }

  /** Stores what waits, for 4 s at most; letters that still come meanwhile are taken. Erasures are not waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.state === 'pausing') {
      if (this.waiting.size === 0) return;
      void this.work();
    }
    await this.idleWithin(DRAIN_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.state === 'working') await this.idleWithin(DRAIN_MS);
    this.stopped = true;
    this.backoff.stop();
    if (this.waiting.size > 0) this.logger.error('Stopped with dead letters unstored', { letters: this.waiting.size });
  }

  private wake(): void {
    if (this.state === 'idle' && !this.stopped) void this.work();
  }

  private async work(): Promise<void> {
    if (this.state === 'working') return;
    this.state = 'working';
    try {
      while (!this.stopped && this.hasWork) {
        await this.step();
        this.backoff.reset();
      }
      this.state = 'idle';
    } catch (error) {
      this.state = 'pausing';
      this.report(error);
      this.backoff.wait(() => void this.work());
    }
    if (this.state === 'idle' || this.stopped) this.becameIdle?.();
  }

  private get hasWork(): boolean {
    return this.waiting.size > 0 || this.erasures.size > 0 || this.bounds.isDue;
  }

  /** Erasures first: what is buried after `resolve` must stay. */
  private async step(): Promise<void> {
    if (this.erasures.size > 0) await this.erasures.send();
    else if (this.waiting.size > 0) await this.storeBatch();
    await this.trim();
  }

  private async storeBatch(): Promise<void> {
    const batch = this.waiting.take(this.single > 0 ? 1 : BATCH.letters, BATCH.bytes);
    if (this.single > 0) this.single--;
    try {
      await this.store.insert(batch.map(({ letter }) => letter));
    } catch (error) {
      this.notStored(batch, error);
      return;
    }
    this.bounds.inserted(batch.map(({ letter }) => letter));
    release(batch);
  }

  /** @throws the error when another attempt may succeed */
  private notStored(batch: readonly WaitingLetter[], error: unknown): void {
    const permanent = classify(error) === 'permanent';
    if (permanent && batch.length === 1) {
      this.report(error);
      this.countDropped(batch.map(({ letter }) => letter));
      release(batch);
      return;
    }
    const needed = batch.filter(({ letter }) => !this.erasures.resolves(letter));
    this.countDropped(this.waiting.giveBack(needed));
    release(batch.filter((waiting) => !needed.includes(waiting)));
    if (!permanent) throw error;
    this.single = needed.length;
  }

  /** A trim that fails is tried again after the next letter: it must not hold the letters up. */
  private async trim(): Promise<void> {
    const reason = this.bounds.nextDue();
    if (reason === null) return;
    try {
      const trimmed = await this.store.trim(reason, this.bounds.limit, this.bounds.target);
      this.bounds.trimmed(reason, trimmed);
      if (trimmed.evicted > 0) this.metrics.deadLettersEvicted.inc({ reason }, trimmed.evicted);
    } catch (error) {
      this.report(error);
    }
  }

  private report(error: unknown): void {
    const code = sqlState(error) ?? 'none';
    this.metrics.writeErrors.inc({ code });
    if (!this.stopped) this.failure.warn({ code, waiting: this.waiting.size, failure: classify(error), error });
  }

  private warn({ reason, detail, matchId, payload }: DeadLetter): void {
    let warning = this.arrivals.get(reason);
    if (!warning) {
      warning = new SampledWarning(this.logger, MESSAGES[reason]);
      this.arrivals.set(reason, warning);
    }
    warning.warn({ detail, matchId, bytes: payload.length });
  }

  private countDropped(letters: readonly DeadLetter[]): void {
    for (const { reason } of letters) this.metrics.deadLettersDropped.inc({ reason });
  }

  private async idleWithin(timeoutMs: number): Promise<void> {
    if (this.state === 'idle') return;
    await new Promise<void>((resolve) => {
      const cancel = this.scheduler.after(timeoutMs, resolve);
      this.becameIdle = () => {
        cancel();
        resolve();
      };
    });
  }
}

function release(batch: readonly WaitingLetter[]): void {
  for (const { buried } of batch) for (const tell of buried) tell();
}
