import { randomUUID } from 'node:crypto';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import { shownAddress } from '../../../kernel/service-address.js';
import type { RedisBusOptions } from '../../broadcast.options.js';
import { BroadcastBus } from '../../ports/broadcast-bus.js';
import type { Told } from '../../ports/told.js';
import { readBusMessage, writeBusMessages } from './bus-message.js';
import { type RedisAddress, readRedisAddress } from './redis-address.js';
import { loadRedis } from './redis-client.js';
import { RedisLink } from './redis-link.js';
import { shownReason } from './shown-reason.js';

const CLOSE_WAIT_MS = 800;

/** What became of a message, as the metrics name it. */
type MessageFate = 'sent' | 'failed' | 'dropped' | 'heard' | 'own' | 'newer' | 'oversized' | 'malformed';

export interface RedisBusServices {
  readonly scheduler: Scheduler;
  readonly metrics: LiveScoreMetrics;
  /** @default the package `redis` */
  readonly load?: typeof loadRedis;
}

/**
 * Tells other instances by Redis pub/sub: one channel, each message with all that is told. Redis keeps nothing, so what is
 * published while an instance is away is lost to it: `isConnected` and `connected$` say when, and the journal has it.
 *
 * One Redis instance, or one with replicas behind one address. Redis Cluster is not supported: its pub/sub sends every message
 * through all nodes, and a sharded channel lives in one slot anyway. The number of the database does not separate channels:
 * installations with databases of their own need channels of their own.
 *
 * It begins with the application, in the background: a host whose Redis is away boots. It ends after everything that
 * commits, within a second.
 */
export class RedisBroadcastBus
  extends BroadcastBus
  implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown
{
  private readonly logger = new Logger('BroadcastModule');
  private readonly id = randomUUID();
  private readonly told = new Subject<readonly Told[]>();
  private readonly connections = new Subject<void>();
  private readonly away = new SampledWarning(this.logger, 'Redis is away: other instances are told by the journal');
  private readonly unread = new SampledWarning(this.logger, 'A message of another instance was not understood');
  private readonly unsent = new SampledWarning(this.logger, 'What happened is too long for a message');
  private readonly refused = new SampledWarning(this.logger, 'Redis refuses to publish');
  private readonly address: RedisAddress;
  /** without user and password */
  private readonly shownAddress: string;
  private readonly channel: string;
  private link: RedisLink | null = null;
  private closed = false;

  /** @throws UnreadableAddressError */
  constructor(
    { url, channel }: Required<RedisBusOptions>,
    private readonly services: RedisBusServices,
  ) {
    super();
    this.address = readRedisAddress(url);
    this.shownAddress = shownAddress('Redis', url);
    this.channel = channel;
  }

  override get isConnected(): boolean {
    return this.link?.isConnected ?? false;
  }

  override get told$(): Observable<readonly Told[]> {
    return this.told;
  }

  override get connected$(): Observable<void> {
    return this.connections;
  }

  /** @throws MissingRedisPackageError */
  async onModuleInit(): Promise<void> {
    const { scheduler, load = loadRedis } = this.services;
    const { address, channel } = this;
    this.link = new RedisLink(
      { address, channel, scheduler, open: await load() },
      {
        connected: () => this.connected(),
        failed: (reason) => this.failed(reason),
        heard: (message) => this.heard(message),
      },
    );
  }

  onApplicationBootstrap(): void {
    if (!this.closed) this.link?.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  override publish(told: readonly Told[]): void {
    if (told.length === 0) return;
    if (this.isConnected && !this.closed) this.write(told);
    else this.count('out', 'dropped');
  }

  /** Nothing is sent or heard any more; what is under way gets a moment. Within a second. */
  async close(): Promise<void> {
    this.closed = true;
    await this.link?.close(CLOSE_WAIT_MS);
    this.services.metrics.busConnected.set(0);
    this.told.complete();
    this.connections.complete();
  }

  private write(told: readonly Told[]): void {
    try {
      const { messages, oversized } = writeBusMessages(this.id, told);
      if (oversized > 0) {
        this.count('out', 'oversized', oversized);
        this.unsent.warn({ commits: oversized });
      }
      for (const message of messages) this.send(message);
    } catch {
      // what cannot be written as JSON is no commit
      this.count('out', 'malformed');
    }
  }

  private send(message: string): void {
    const answer = this.link?.send(message);
    if (!answer) {
      this.count('out', 'dropped');
      return;
    }
    answer.then(
      () => this.count('out', 'sent'),
      (error: unknown) => {
        this.count('out', 'failed');
        if (this.isConnected) this.refused.warn({ reason: shownReason(error) });
      },
    );
  }

  private connected(): void {
    this.services.metrics.busConnected.set(1);
    this.logger.log('Connected to Redis', { host: this.shownAddress, channel: this.channel });
    this.connections.next();
  }

  private failed(reason: unknown): void {
    this.services.metrics.busConnected.set(0);
    this.away.warn({ host: this.shownAddress, reason: shownReason(reason) });
  }

  private heard(text: string): void {
    if (this.closed) return;
    const message = readBusMessage(text, this.id);
    this.count('in', message.kind === 'told' ? 'heard' : message.kind);
    if (message.kind === 'told') this.told.next(message.told);
    else if (message.kind !== 'own') this.unread.warn({ why: message.kind });
  }

  private count(direction: 'in' | 'out', result: MessageFate, messages = 1): void {
    this.services.metrics.busMessages.inc({ direction, result }, messages);
  }
}
