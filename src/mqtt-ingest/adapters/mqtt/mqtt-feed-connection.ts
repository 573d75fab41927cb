import { Inject, Injectable, Logger } from '@nestjs/common';
import { connect, ErrorWithReasonCode, type MqttClient } from 'mqtt';
import { Clock } from '../../../shared/clock.js';
import { type DisconnectReason, FeedLog } from '../../feed-log.js';
import { LogSampler } from '../../log-sampler.js';
import { MqttFeedStatus } from '../../mqtt-feed-status.service.js';
import type { ResolvedMqttIngestOptions } from '../../mqtt-ingest.options.js';
import { RESOLVED_MQTT_INGEST_OPTIONS } from '../../mqtt-ingest.tokens.js';
import { FeedConnection, type FeedListener } from '../../ports/feed-connection.js';
import { clientOptions } from './client-options.js';
import { TopicSubscription } from './topic-subscription.js';
import { yieldBetweenMessages } from './yield-between-messages.js';

const CLOSE_TIMEOUT_MS = 1_000;
/** While the broker stays away, the same reason is told this often. */
const OUTAGE_LOG_PERIOD_MS = 300_000;

/**
 * One mqtt.js client for the life of the process; its own timer is the only thing that reconnects.
 *
 * States: idle –open→ connecting –connect→ connected –close→ waiting –`reconnectMs`→ connecting …; `close` ends it for
 * good from any of them. An outage is told once per reason, not once per attempt.
 */
@Injectable()
export class MqttFeedConnection extends FeedConnection {
  private readonly logger = new Logger(MqttFeedConnection.name);
  private readonly outageLog = new LogSampler(OUTAGE_LOG_PERIOD_MS);
  private readonly early: [event: string, listener: (...args: unknown[]) => void][] = [];
  private mqtt: MqttClient | null = null;
  private closed: Promise<void> | null = null;
  private outageTold = false;

  constructor(
    private readonly clock: Clock,
    private readonly status: MqttFeedStatus,
    private readonly log: FeedLog,
    private readonly subscription: TopicSubscription,
    @Inject(RESOLVED_MQTT_INGEST_OPTIONS) private readonly options: ResolvedMqttIngestOptions,
  ) {
    super();
  }

  override open(listener: FeedListener): void {
    if (this.mqtt || this.closed) return;
    this.log.connecting();
    const client = connect(this.options.url, clientOptions(this.options));
    this.mqtt = client;
    yieldBetweenMessages(client, this.options.yieldEvery);
    this.follow(client, listener);
    client.on('message', (topic, payload, packet) => listener.onMessage(topic, payload, packet));
    for (const [event, handler] of this.early.splice(0)) this.attach(client, event, handler);
  }

  override stopIntake(): void {
    this.subscription.cancel();
    if (this.mqtt?.connected) this.mqtt.unsubscribe([...this.options.topics]);
  }

  override close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  override on(event: string, listener: (...args: unknown[]) => void): void {
    if (this.mqtt) this.attach(this.mqtt, event, listener);
    else this.early.push([event, listener]);
  }

  override client(): MqttClient | null {
    return this.mqtt;
  }

  private follow(client: MqttClient, listener: FeedListener): void {
    client.on('connect', () => {
      this.outageTold = false;
      this.outageLog.reset();
      this.status.noteConnected();
      this.log.connected();
      this.subscription.start(client);
      listener.onState('connected');
    });
    client.on('reconnect', () => listener.onState('reconnecting'));
    client.on('error', (error) => this.reportFailure(error));
    client.on('disconnect', (packet) => {
      listener.onState('disconnected');
      const code = packet.cmd === 'disconnect' ? packet.reasonCode : undefined;
      this.reportFailure(new ErrorWithReasonCode('The broker ended the connection', code ?? 0));
    });
    // mqtt.js says `offline` before `close` when a connection breaks, and only `offline` when none was ever made.
    client.on('offline', () => this.lose(this.status.connected ? 'connection closed' : 'client went offline'));
    client.on('close', () => {
      this.lose('connection closed');
      listener.onState('closed');
    });
  }

  private lose(reason: DisconnectReason): void {
    this.subscription.cancel();
    this.status.noteDisconnected();
    if (this.outageTold || this.closed) return;
    this.outageTold = true;
    this.log.disconnected(reason);
  }

  private reportFailure(error: Error): void {
    const reason = reasonOf(error);
    this.status.noteError(reason);
    const suppressed = this.outageLog.admit(reason, this.clock.nowMs());
    if (suppressed === null) return;
    const code = error instanceof ErrorWithReasonCode ? { code: error.code } : {};
    this.logger.warn('Not connected to the broker', { host: this.options.host, reason, ...code, suppressed });
  }

  private attach(client: MqttClient, event: string, listener: (...args: unknown[]) => void): void {
    client.on(event as 'close', listener);
  }

  private async end(): Promise<void> {
    const client = this.mqtt;
    this.subscription.cancel();
    if (!client) return;
    if (client.connected) this.log.disconnected('manual disconnect');
    await new Promise<void>((resolve) => {
      const timeout = setTimeout(() => {
        client.stream.destroy();
        resolve();
      }, CLOSE_TIMEOUT_MS);
      // A client without a connection has nothing to say goodbye to: its half-open socket goes at once.
      client.end(!client.connected, () => {
        clearTimeout(timeout);
        resolve();
      });
    });
    this.status.noteDisconnected();
  }
}

function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return error.message || code || error.name;
}
