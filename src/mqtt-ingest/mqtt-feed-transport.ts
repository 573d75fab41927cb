import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server, Transport } from '@nestjs/microservices';
import { LiveScoreError } from '../kernel/livescore.errors.js';
import { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import { HostHandlers } from './host-handlers.js';
import { MessageIntake } from './message-intake.js';
import { MessageRate } from './message-rate.js';
import { FeedConnection, type FeedConnectionState, type FeedListener } from './ports/feed-connection.js';

const FORGOTTEN_AFTER_MS = 1_000;

type ClientEvents = Record<string, (...args: unknown[]) => void>;

/**
 * The feed as a transport of Nest. It builds on Nest's `Server`, not on its `ServerMqtt`: everything that class adds
 * has to be undone for this feed (unwrapping of `data`, replies, one handler per message, a listen that waits for the
 * broker, a log line per failed attempt, a promise per message), and parts of it differ between Nest 11 and 12.
 *
 * `listen` only notes that the host wants the feed; the connection is made once the application has started, too.
 * Handlers declared for `Transport.MQTT` or for no transport are taken; only the topics of the options are subscribed.
 */
@Injectable()
export class MqttFeedTransport
  extends Server<ClientEvents, FeedConnectionState>
  implements
    CustomTransportStrategy,
    OnApplicationBootstrap,
    OnModuleDestroy,
    BeforeApplicationShutdown,
    OnApplicationShutdown
{
  override readonly transportId = Transport.MQTT;
  protected override readonly logger = new Logger(MqttFeedTransport.name);
  private wanted = false;
  private started = false;
  private stopped = false;
  private readonly forgotten: Timer;
  private readonly listener: FeedListener;

  constructor(
    private readonly connection: FeedConnection,
    private readonly intake: MessageIntake,
    private readonly hostHandlers: HostHandlers,
    private readonly rate: MessageRate,
    scheduler: Scheduler,
  ) {
    super();
    this.forgotten = new Timer(scheduler);
    this.listener = {
      onSession: ({ resumed }) => this.intake.sessionStarted(resumed),
      onMessage: intake.take.bind(intake),
      isBusy: () => intake.isBusy,
      afterMessage: hostHandlers.run.bind(hostHandlers),
      onState: (state) => this.changed(state),
    };
  }

  /** Whether the host has connected the feed. */
  get isWanted(): boolean {
    return this.wanted;
  }

  override listen(callback: () => void): void {
    this.wanted = true;
    this.forgotten.clear();
    callback();
    this.openWhenReady();
  }

  onApplicationBootstrap(): void {
    this.started = true;
    if (this.wanted) this.openWhenReady();
    else this.warnUnlessWantedSoon();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    this.forgotten.stop();
    this.rate.stop();
    this.connection.stopIntake();
    this.intake.sessionEnded();
  }

  /**
   * Nest drains the modules one after the other, the ingest before the writer it depends on. Waiting here for the
   * acknowledgements of what the writer has yet to commit would add up two time limits, so both happen at the same time,
   * and the end is awaited in a later phase.
   */
  beforeApplicationShutdown(): void {
    void this.close();
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  override async close(): Promise<void> {
    this.onModuleDestroy();
    await this.connection.close();
  }

  /** Every handler stands for itself: Nest's chain of equal patterns would tie them together. */
  override addHandler(pattern: unknown, handler: MessageHandler, isEventHandler = false): void {
    const filter = withoutShare(this.normalizePattern(pattern as string));
    if (isEventHandler) this.hostHandlers.add(filter, handler);
    // Others may belong to another transport of the host, so this is worth a word only to those who look for it.
    else this.logger.debug('The feed has no requests: use @EventPattern', { pattern: filter });
  }

  override on(event: string, listener: (...args: unknown[]) => void): void {
    this.connection.on(event, listener);
  }

  override unwrap<T>(): T {
    const client = this.connection.client();
    if (client) return client as T;
    throw new LiveScoreError(
      'LIVESCORE_FEED_NOT_STARTED',
      'The live feed has no client yet: it starts after `await connectLiveScoreFeed(app)` and the application bootstrap.',
    );
  }

  private openWhenReady(): void {
    if (!this.wanted || !this.started || this.stopped) return;
    this.rate.start();
    this.connection.open(this.listener);
  }

  private changed(state: FeedConnectionState): void {
    if (state !== 'connected') this.intake.sessionEnded();
    this._status$.next(state);
  }

  private warnUnlessWantedSoon(): void {
    this.forgotten.set(FORGOTTEN_AFTER_MS, () => {
      this.logger.warn('The live feed is not connected: call `await connectLiveScoreFeed(app)` in main.ts');
    });
  }
}

function withoutShare(pattern: string): string {
  return pattern.startsWith('$share/') ? pattern.split('/').slice(2).join('/') : pattern;
}
