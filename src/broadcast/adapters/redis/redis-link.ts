import { until, within } from '../../../kernel/deadline.js';
import type { Cancel, Scheduler } from '../../../kernel/scheduler.js';
import { Timer } from '../../../kernel/timer.js';
import { reconnectPauseMs } from './reconnect-pause.js';
import type { RedisAddress } from './redis-address.js';
import { endRedisClient, type OpenRedisClient, type RedisClient } from './redis-client.js';

/** To connect twice, to log in and to subscribe, together. */
const CONNECT_TIMEOUT_MS = 2_000;
/** A Redis without TLS waits for the end of what it cannot read. */
const PERHAPS_NO_TLS = ': perhaps no TLS is spoken at that port: correct the port, or use redis://';
/** A silent connection is given up at the second beat without an answer: at most three beats after its last word. */
const BEAT_MS = 800;
const MOST_SILENT_BEATS = 2;
const MOST_UNANSWERED = 1_000;
const MOST_UNANSWERED_BYTES = 8_388_608;

export interface RedisLinkOptions {
  readonly address: RedisAddress;
  readonly channel: string;
  readonly open: OpenRedisClient;
  readonly scheduler: Scheduler;
}

export interface RedisLinkEvents {
  /** both connections stand and the channel is subscribed */
  connected(): void;
  /** an attempt failed, or a link broke: the next attempt follows by itself */
  failed(reason: unknown): void;
  heard(message: string): void;
}

/** The two connections of one attempt. */
interface Attempt {
  readonly publisher: RedisClient;
  readonly subscriber: RedisClient;
  readonly abort: AbortController;
}

/**
 * Two connections to Redis that live and die together, one to publish and one that is subscribed to the channel.
 *
 * *new* → `start` → *connecting* → *connected* → (either breaks or falls silent) → *waiting* → *connecting* …; `close` from
 * anywhere → *closed*, for good. Every attempt has new clients. Both connections are asked for a sign of life by our own beat:
 * the idle timeout of the driver is put off by each write, so a connection that is written to would never count as silent.
 */
export class RedisLink {
  private readonly retry: Timer;
  private attempt: Attempt | null = null;
  private isReady = false;
  private closed = false;
  private failures = 0;
  private silentBeats = 0;
  private stopBeat: Cancel = () => {};
  private unanswered = 0;
  private unansweredBytes = 0;

  constructor(
    private readonly options: RedisLinkOptions,
    private readonly events: RedisLinkEvents,
  ) {
    this.retry = new Timer(options.scheduler);
  }

  get isConnected(): boolean {
    return this.isReady;
  }

  /** Connects in the background, until `close`. */
  start(): void {
    if (this.closed || this.attempt) return;
    void this.connect();
  }

  /**
   * Sends one message after those before it; rejects when nobody knows whether it arrived.
   * @returns null when it was not even tried: not connected, or too much is unanswered
   */
  send(message: string): Promise<void> | null {
    const bytes = Buffer.byteLength(message);
    if (this.closed || !this.attempt || !this.isReady || !this.hasRoomFor(bytes)) return null;
    return this.answer(this.attempt.publisher, message, bytes);
  }

  /** What is under way may still be answered within `waitMs`; then both connections end. */
  async close(waitMs: number): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.retry.stop();
    const { scheduler } = this.options;
    if (this.isReady) await until(() => this.unanswered === 0 || !this.isReady, { everyMs: 10, waitMs }, scheduler);
    this.end();
  }

  private async answer(publisher: RedisClient, message: string, bytes: number): Promise<void> {
    this.unanswered++;
    this.unansweredBytes += bytes;
    try {
      await publisher.publish(this.options.channel, message);
    } finally {
      this.unanswered--;
      this.unansweredBytes -= bytes;
    }
  }

  private hasRoomFor(bytes: number): boolean {
    return this.unanswered < MOST_UNANSWERED && this.unansweredBytes + bytes <= MOST_UNANSWERED_BYTES;
  }

  private async connect(): Promise<void> {
    const attempt = this.openBoth();
    this.attempt = attempt;
    try {
      const ready = await within(this.prepare(attempt), CONNECT_TIMEOUT_MS, this.options.scheduler);
      if (this.attempt !== attempt) return;
      if (ready) this.stand(attempt);
      else
        this.lose(
          attempt,
          new Error(`No connection within ${CONNECT_TIMEOUT_MS} ms${this.options.address.tls ? PERHAPS_NO_TLS : ''}`),
        );
    } catch (error) {
      this.lose(attempt, error);
    }
  }

  private openBoth(): Attempt {
    const { open, address } = this.options;
    const abort = new AbortController();
    const attempt = { abort, publisher: open(address, abort.signal), subscriber: open(address, abort.signal) };
    for (const client of [attempt.publisher, attempt.subscriber])
      client.on('error', (error) => this.lose(attempt, error));
    return attempt;
  }

  private async prepare(attempt: Attempt): Promise<true> {
    const { publisher, subscriber } = attempt;
    await Promise.all([publisher.connect(), subscriber.connect()]);
    await subscriber.subscribe(this.options.channel, (message) => {
      if (this.attempt === attempt) this.events.heard(message);
    });
    return true;
  }

  private stand(attempt: Attempt): void {
    this.isReady = true;
    this.silentBeats = 0;
    this.stopBeat = this.options.scheduler.every(BEAT_MS, () => this.beat(attempt));
    this.events.connected();
  }

  private beat(attempt: Attempt): void {
    if (this.silentBeats >= MOST_SILENT_BEATS) {
      this.lose(attempt, new Error('Redis does not answer'));
      return;
    }
    this.silentBeats++;
    Promise.all([attempt.publisher.ping(), attempt.subscriber.ping()]).then(
      () => this.answered(attempt),
      (error: unknown) => this.lose(attempt, error),
    );
  }

  private answered(attempt: Attempt): void {
    if (this.attempt !== attempt) return;
    this.silentBeats = 0;
    this.failures = 0;
  }

  private lose(attempt: Attempt, reason: unknown): void {
    if (this.attempt !== attempt) return;
    this.end();
    if (this.closed) return;
    this.failures++;
    this.retry.set(reconnectPauseMs(this.failures, this.options.scheduler), () => void this.connect());
    this.events.failed(reason);
  }

  private end(): void {
    const { attempt } = this;
    this.attempt = null;
    this.isReady = false;
    this.stopBeat();
    if (!attempt) return;
    for (const client of [attempt.publisher, attempt.subscriber]) endRedisClient(client);
    attempt.abort.abort();
  }
}
