import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type RetryPolicy, retryPauseMs } from '../../../kernel/backoff.js';
import { type Admission, CircuitBreaker } from '../../../kernel/circuit-breaker.js';
import { pause, within } from '../../../kernel/deadline.js';
import { Drain } from '../../../kernel/drain.js';
import { Lifecycle } from '../../../kernel/lifecycle.js';
import type { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { CentrifugoOptions } from '../../broadcast.options.js';
import type { ChangeFrame } from '../../ports/match-frames.js';
import { type CommandFate, fatesOf } from './batch-answer.js';
import { HttpPost, NoAnswerError } from './http-post.js';
import type { Publication } from './publication.js';
import { type Batch, WaitingPublications } from './waiting-publications.js';

/** Two publications a match. */
const MOST_WAITING = 10_000;
const BATCH_COMMANDS = 100;
/** Far below the 1 MiB that proxies allow a body by default. */
const BATCH_BYTES = 262_144;
const MOST_ANSWER_BYTES = 262_144;
const RETRY: RetryPolicy = { firstMs: 100, maxMs: 2_000 };
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 5_000;
const CLOSE_WAIT_MS = 800;

export interface CentrifugoServices {
  readonly scheduler: Scheduler;
  readonly metrics: LiveScoreMetrics;
}

/** What became of a publication, as the metrics name it. */
type PublicationFate = 'published' | 'conflated' | 'refused' | 'dropped' | 'later';

/**
 * Publishes every change to Centrifugo: to the channel of its match with `version` and `version_epoch`, so that Centrifugo itself
 * drops what is older than it has, and to the channel of all matches without, where versions of different matches do not compare.
 *
 * One request is under way at a time, `POST <url>/batch`, with what waits. While it is, or Centrifugo is away or slow, only the
 * newest state of each match waits. An attempt that failed is repeated after growing pauses; after several in a row Centrifugo is
 * left alone for a while. A refusal for good (unknown channel, wrong key) is told in the log and not repeated.
 */
export class CentrifugoPublisher implements OnApplicationShutdown {
  private readonly logger = new Logger('BroadcastModule');
  private readonly away = new SampledWarning(this.logger, 'Centrifugo is away: the newest state of each match waits');
  private readonly refused = new SampledWarning(this.logger, 'Centrifugo refuses publications');
  private readonly lifecycle = new Lifecycle();
  private readonly waiting = new WaitingPublications({
    most: MOST_WAITING,
    batchCommands: BATCH_COMMANDS,
    batchBytes: BATCH_BYTES,
  });
  private readonly draining = new Drain(
    () => !this.waiting.isEmpty && !this.lifecycle.stopped,
    () => this.turn(),
  );
  private readonly breaker: CircuitBreaker;
  private readonly post: HttpPost;
  private readonly channels: { readonly prefix: string; readonly all: string };
  private failures = 0;
  private isClosing = false;

  constructor(
    { url, apiKey, channelPrefix, allChannel, timeoutMs }: Required<CentrifugoOptions>,
    private readonly services: CentrifugoServices,
  ) {
    const { scheduler } = services;
    this.channels = { prefix: channelPrefix, all: allChannel };
    this.breaker = new CircuitBreaker({
      retryAfterMs: OPEN_MS,
      failures: FAILURES_TO_OPEN,
      nowMs: () => scheduler.monotonicMs(),
    });
    this.post = new HttpPost({
      url: new URL(`${url.replace(/\/+$/, '')}/batch`),
      headers: { 'X-API-Key': apiKey },
      timeoutMs,
      maxBodyBytes: MOST_ANSWER_BYTES,
      scheduler,
    });
    this.lifecycle.own(() => this.post.close());
  }

  /** Never throws, never waits. */
  publish(changes: readonly ChangeFrame[]): void {
    if (this.isClosing) {
      this.count('dropped', 2 * changes.length);
      return;
    }
    const { prefix, all } = this.channels;
    for (const change of changes) {
      this.add({ channel: `${prefix}${change.matchId}`, ofMatch: true, change });
      this.add({ channel: all, ofMatch: false, change });
    }
    void this.drain();
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** What waits gets a moment, unless Centrifugo is away. Within a second. */
  async close(): Promise<void> {
    this.isClosing = true;
    if (this.failures === 0) await within(this.drain(), CLOSE_WAIT_MS, this.services.scheduler);
    this.lifecycle.stop();
  }

  private add(publication: Publication): void {
    const fate = this.waiting.add(publication);
    if (fate !== 'waits') this.count(fate);
  }

  /** Until nothing waits, or the stop: that is the only thing that breaks it off. */
  private drain(): Promise<void> {
    return this.draining.run().catch(() => undefined);
  }

  private async turn(): Promise<void> {
    await this.pauseAfterFailure();
    const admission = this.breaker.admit();
    if (admission === 'refused') return;
    const batch = this.waiting.take();
    const fates = await this.send(batch);
    for (const [index, fate] of fates.entries()) this.conclude(batch.publications[index], fate);
    this.learn(admission, fates);
  }

  private pauseAfterFailure(): Promise<void> {
    if (this.failures === 0) return Promise.resolve();
    const { scheduler } = this.services;
    // a breaker that is open has failures behind it, so a refused turn always waits
    const waitMs = Math.max(retryPauseMs(RETRY, Math.min(this.failures, 20), scheduler), this.breaker.remainingMs);
    return pause(waitMs, scheduler, this.lifecycle.signal);
  }

  private async send({ commands }: Batch): Promise<readonly CommandFate[]> {
    try {
      const reply = await this.post.send(`{"commands":[${commands.join(',')}]}`, this.lifecycle.signal);
      return fatesOf(reply, commands.length);
    } catch (error) {
      this.lifecycle.signal.throwIfAborted();
      const reason = error instanceof NoAnswerError ? error.reason : 'unknown';
      return commands.map(() => ({ kind: 'later', reason }));
    }
  }

  private conclude(publication: Publication | undefined, fate: CommandFate): void {
    if (!publication) return;
    this.count(fate.kind);
    if (fate.kind === 'refused') this.refused.warn({ reason: fate.reason, channel: publication.channel });
    if (fate.kind !== 'later') return;
    const place = this.waiting.putBack(publication);
    if (place !== 'waits') this.count(place);
  }

  /** Centrifugo answers for each command: it is away only when none got an answer for good. */
  private learn(admission: Admission, fates: readonly CommandFate[]): void {
    const late = fates.find(({ kind }) => kind === 'later');
    if (!late) this.failures = 0;
    else {
      this.failures++;
      this.away.warn({ reason: 'reason' in late ? late.reason : 'unknown', waiting: this.waiting.size });
    }
    if (fates.every(({ kind }) => kind === 'later')) this.breaker.failed(admission);
    else this.breaker.succeeded(admission);
  }

  private count(result: PublicationFate, publications = 1): void {
    this.services.metrics.centrifugoPublications.inc({ result }, publications);
  }
}
