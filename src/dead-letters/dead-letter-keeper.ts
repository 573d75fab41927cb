import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type DeadLetter, type DeadLetterReason, DeadLetterSink } from '../contracts/dead-letter-sink.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { logFields } from '../kernel/log-fields.js';
import { LogSampler } from '../kernel/log-sampler.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { StatementQueue, type StatementWork } from '../kernel/statement-queue.js';
import { classify, isPermanent, sqlState } from '../postgres/sql-state.js';
import { ResolvedDeadLettersOptions } from './dead-letters.options.js';
import { LetterBoundsKeeper } from './letter-bounds.js';
import { LetterErasures } from './letter-erasures.js';
import { DeadLetterStore, type StoredLetter } from './ports/dead-letter-store.js';
import { StorableLetters } from './storable-letter.js';
import { type WaitingLetter, WaitingLetters } from './waiting-letters.js';

const MEMORY = { letters: 1_000, bytes: 16 * 2 ** 20 };
const BYTES_PER_STATEMENT = 2 ** 20;
const POLICY = { most: 100, retry: { firstMs: 50, maxMs: 1_000 }, isPermanent };
const DRAIN_MS = 4_000;
const ARRIVAL_LOG_PERIOD_MS = 60_000;
const MESSAGES: Readonly<Record<DeadLetterReason, string>> = {
  malformed: 'A feed message could not be read: kept as a dead letter',
  'unknown-match': 'A feed message is about a match without a row: parked',
  'cannot-be-written': 'The database will never take an update: kept as a dead letter',
};

/**
 * Keeps dead letters: from memory into the table by a {@link StatementQueue}, at most 100 letters or 1 MB in a statement,
 * erasures and the table's bounds between them. What the database will never take is counted and given up.
 * In memory wait, beside the letters whose senders wait for them, at most 1,000 letters or 16 MB: the oldest give way.
 */
@Injectable()
export class DeadLetterKeeper
  extends DeadLetterSink
  implements StatementWork<WaitingLetter>, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new Logger(DeadLetterKeeper.name);
  private readonly refusals = new SampledWarning(this.logger, 'The database refuses a statement about dead letters');
  private readonly arrivals = new LogSampler(ARRIVAL_LOG_PERIOD_MS);
  private readonly press = new StorableLetters();
  private readonly waiting = new WaitingLetters(MEMORY);
  private readonly erasures: LetterErasures;
  private readonly bounds: LetterBoundsKeeper;
  private readonly queue: StatementQueue<WaitingLetter>;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly clock: Clock,
    scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    options: ResolvedDeadLettersOptions,
  ) {
    super();
    this.erasures = new LetterErasures(store);
    this.bounds = new LetterBoundsKeeper({ rows: options.maxRowsPerReason, bytes: options.maxBytesPerReason });
    this.queue = new StatementQueue(this, POLICY, scheduler);
  }

  override bury(letter: DeadLetter, buried?: () => void): void {
    this.metrics.deadLetters.inc({ reason: letter.reason });
    this.warn(letter);
    this.countDropped(this.waiting.add(this.press.storable(letter), buried));
    this.queue.wake();
  }

  override resolve(matchId: string, notAfterMs = this.clock.nowMs()): void {
    for (const buried of this.waiting.cancelParked(matchId, notAfterMs)) buried();
    this.erasures.resolve(matchId, notAfterMs);
    this.queue.wake();
  }

  /** The letter has done its service: deleted unless newer content took its place. @param isTaken it was not refused */
  discard(letter: StoredLetter, isTaken: boolean): void {
    this.erasures.discard(letter, isTaken);
    this.queue.wake();
  }

  /** The table may be over its bounds from before. */
  onApplicationBootstrap(): void {
    this.queue.wake();
  }

  /** Stores what waits, for 4 s at most; letters that still come meanwhile are taken. Erasures are not waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.queue.mode === 'pausing' && this.waiting.size === 0) return;
    await this.queue.drain(DRAIN_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.queue.mode === 'sending') await this.queue.drain(DRAIN_MS);
    this.queue.stop();
    if (this.waiting.size > 0) this.logger.error('Stopped with dead letters unstored', { letters: this.waiting.size });
  }

  /** Erasures first: what is buried after `resolve` must stay. They, and the bounds, are statements without letters. */
  take(most: number): readonly WaitingLetter[] | null {
    if (!this.hasWork) return null;
    return this.erasures.size > 0 ? [] : this.waiting.take(most, BYTES_PER_STATEMENT);
  }

  async send(batch: readonly WaitingLetter[]): Promise<readonly WaitingLetter[]> {
    if (batch.length > 0) {
      const letters = batch.map(({ letter }) => letter);
      await this.store.insert(letters);
      this.bounds.inserted(letters);
      release(batch);
    } else if (this.erasures.size > 0) await this.erasures.send();
    await this.trim();
    return [];
  }

  giveBack(batch: readonly WaitingLetter[]): boolean {
    const needed = batch.filter(({ letter }) => !this.erasures.resolves(letter));
    this.countDropped(this.waiting.giveBack(needed));
    release(batch.filter((waiting) => !needed.includes(waiting)));
    return this.hasWork;
  }

  giveUp(waiting: WaitingLetter, error: unknown): void {
    this.warnOf(error);
    this.countDropped([waiting.letter]);
    release([waiting]);
  }

  failed(error: unknown): void {
    this.metrics.writeErrors.inc({ code: sqlState(error) ?? 'none' });
  }

  outageBegan(error: unknown): void {
    if (this.queue.mode === 'stopped') return;
    const facts = { code: sqlState(error), waiting: this.waiting.size, failure: classify(error), error };
    this.logger.warn('Dead letters cannot be stored, trying again', logFields(facts));
  }

  outageOver(): void {
    this.logger.log('Dead letters are stored again', { waiting: this.waiting.size });
  }

  private get hasWork(): boolean {
    return this.waiting.size > 0 || this.erasures.size > 0 || this.bounds.isDue;
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
      this.failed(error);
      if (this.queue.mode !== 'stopped') this.warnOf(error);
    }
  }

  private warnOf(error: unknown): void {
    this.refusals.warn({ code: sqlState(error), waiting: this.waiting.size, failure: classify(error), error });
  }

  private warn({ reason, detail, matchId, payload }: DeadLetter): void {
    const suppressed = this.arrivals.admit(reason, performance.now());
    if (suppressed !== null)
      this.logger.warn(MESSAGES[reason], { ...logFields({ detail, matchId }), bytes: payload.length, suppressed });
  }

  private countDropped(letters: readonly DeadLetter[]): void {
    for (const { reason } of letters) this.metrics.deadLettersDropped.inc({ reason });
  }
}

function release(batch: readonly WaitingLetter[]): void {
  for (const { buried } of batch) for (const tell of buried) tell();
}
