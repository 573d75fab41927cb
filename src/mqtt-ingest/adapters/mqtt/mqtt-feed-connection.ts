import { Injectable, Logger } from '@nestjs/common';
import { connect, ErrorWithReasonCode, type IDisconnectPacket, type MqttClient, type Packet } from 'mqtt';
import { until } from '../../../kernel/deadline.js';
import { type Cancel, Scheduler } from '../../../kernel/scheduler.js';
import { Timer } from '../../../kernel/timer.js';
import { LeaseConnectionGate } from '../../lease-connection-gate.js';
import { MqttFeedStatus } from '../../mqtt-feed-status.service.js';
import { ResolvedMqttIngestOptions } from '../../mqtt-ingest.options.js';
import { FeedConnection, type FeedListener } from '../../ports/feed-connection.js';
import { Acknowledgements } from './acknowledgements.js';
import { ClientIdentity } from './client-identity.js';
import { clientOptions } from './client-options.js';
import { ConnectionReport } from './connection-report.js';
import { endClient } from './end-client.js';
import { TopicSubscription } from './topic-subscription.js';
import { yieldBetweenMessages } from './yield-between-messages.js';

const ACKNOWLEDGING = { everyMs: 10, waitMs: 4_000 };
const SESSION_TAKEN_OVER = 0x8e;

/**
 * One mqtt.js client for the life of the process. Its own reconnecting is off: connections are made here, when the
 * lease permits it.
 *
 * States: idle –open→ connecting –CONNACK→ connected –close→ waiting –`reconnectMs`→ connecting …. Waiting goes on
 * while the lease is not confirmed. The end of a lease's term leads from connecting and connected to waiting at once;
 * `stopIntake` keeps an open connection and makes no new one; `close` ends it for good.
 */
@Injectable()
export class MqttFeedConnection extends FeedConnection {
  private readonly logger = new Logger(MqttFeedConnection.name);
  private readonly early: [event: string, listener: (...args: unknown[]) => void][] = [];
  private mqtt: MqttClient | null = null;
  private listener: FeedListener | null = null;
  /** from the attempt to connect to the end of its stream */
  private attempting = false;
  /** from CONNACK to the end of the connection, or our wish to end it */
  private live = false;
  /** the session of this connection outlives it, and somebody will come back for it */
  private sessionAwaitsUs = false;
  /** the connection was ended for the sake of another one */
  private atOnce = false;
  private stopping = false;
  private closed: Promise<void> | null = null;
  private readonly retry: Timer;
  private unfollow: Cancel | null = null;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly gate: LeaseConnectionGate,
    private readonly identity: ClientIdentity,
    private readonly acks: Acknowledgements,
    private readonly subscription: TopicSubscription,
    private readonly report: ConnectionReport,
    private readonly status: MqttFeedStatus,
    private readonly options: ResolvedMqttIngestOptions,
  ) {
    super();
    this.retry = new Timer(scheduler);
  }

  override open(listener: FeedListener): void {
    if (this.listener && this.listener !== listener) throw new Error('The connection has a listener already');
    if (this.listener || this.stopping) return;
    this.listener = listener;
    this.connect();
    const connect = () => this.connect();
    this.unfollow = this.gate.follow({ begun: connect, confirmed: connect, ended: () => this.termEnded() });
  }

  override renew(): void {
    if (this.live && !this.stopping) this.leaveForAnother();
  }

  override stopIntake(): void {
    if (this.stopping) return;
    this.stopping = true;
    this.retry.stop();
    this.acks.stopTaking();
    this.subscription.cancel();
    // A session that waits for the next process goes on collecting: unsubscribed, it would lose what comes in between.
    if (this.mqtt?.connected && !this.sessionAwaitsUs) this.mqtt.unsubscribe([...this.options.topics]);
  }

  override close(): Promise<void> {
    this.stopIntake();
    this.closed ??= this.end();
    return this.closed;
  }

  override on(event: string, listener: (...args: unknown[]) => void): void {
    if (this.mqtt) this.mqtt.on(event as 'close', listener);
    else this.early.push([event, listener]);
  }

  override client(): MqttClient | null {
    return this.mqtt;
  }

  private connect(): void {
    if (this.attempting || this.stopping || !this.listener) return;
    if (!this.gate.mayConnect) {
      this.retryLater();
      return;
    }
    this.retry.clear();
    this.attempting = true;
    const { clientId, lasting } = this.identity;
    this.sessionAwaitsUs = lasting && this.options.session === 'persistent';
    this.status.noteClientId(clientId, lasting);
    if (!this.mqtt) {
      this.report.connecting(clientId, lasting);
      this.create(clientId, this.listener);
      return;
    }
    const { incomingStore, outgoingStore, options } = this.mqtt;
    options.clientId = clientId;
    this.mqtt.reconnect({ incomingStore, outgoingStore });
  }

  private create(clientId: string, listener: FeedListener): void {
    const client = connect(this.options.url, clientOptions(this.options, clientId));
    this.mqtt = client;
    yieldBetweenMessages(client, this.options.yieldEvery, (goOn) => this.admitNext(client, listener, goOn));
    client.on('packetreceive', (packet) => this.receive(client, listener, packet));
    client.on('message', (topic, payload, packet) => {
      const received = this.live && !this.stopping ? this.acks.complete(packet) : null;
      if (!received) return;
      listener.onMessage(topic, payload, received);
      listener.afterMessage(topic, payload, received);
    });
    this.follow(client, listener);
    for (const [event, handler] of this.early.splice(0)) client.on(event as 'close', handler);
  }

  private admitNext(client: MqttClient, listener: FeedListener, goOn: () => void): boolean {
    if (!listener.isBusy()) return this.acks.admitNext(client, goOn);
    setImmediate(() => {
      if (this.admitNext(client, listener, goOn)) goOn();
    });
    return false;
  }

  /** Every packet, before mqtt.js handles it: messages may follow CONNACK before mqtt.js emits `connect`. */
  private receive(client: MqttClient, listener: FeedListener, packet: Packet): void {
    if (packet.cmd === 'publish') {
      if (this.acks.withhold(packet)) return;
      this.abandon();
      client.stream.destroy();
      return;
    }
    if (packet.cmd !== 'connack' || (packet.returnCode ?? packet.reasonCode) !== 0) return;
    this.live = true;
    this.acks.begin(client);
    this.identity.connected();
    this.report.connected(packet.sessionPresent);
    listener.onSession({ resumed: packet.sessionPresent });
  }

  private follow(client: MqttClient, listener: FeedListener): void {
    client.on('connect', () => {
      if (!this.stopping) this.subscription.start(client, () => this.report.subscribed());
      listener.onState('connected');
    });
    client.on('reconnect', () => listener.onState('reconnecting'));
    client.on('error', (error) => this.report.failed(error));
    client.on('disconnect', (packet) => {
      listener.onState('disconnected');
      this.dismissed(client, packet);
    });
    client.on('close', () => {
      this.lose();
      listener.onState('closed');
    });
  }

  private dismissed(client: MqttClient, packet: Packet): void {
    const code = packet.cmd === 'disconnect' ? packet.reasonCode : undefined;
    this.report.failed(new ErrorWithReasonCode('The broker ended the connection', code ?? 0));
    if (code !== SESSION_TAKEN_OVER) return;
    if (this.gate.arbitrated) this.gate.doubt();
    else this.identity.replace();
    client.stream.destroy();
  }

  private termEnded(): void {
    this.identity.restore();
    this.interrupt();
    this.connect();
  }

  /** At once: what is on its way is neither taken nor acknowledged any more. */
  private interrupt(): void {
    if (!this.attempting) return;
    this.logger.log('The lease of the feed ended: leaving the broker');
    this.leaveForAnother();
  }

  private leaveForAnother(): void {
    this.abandon();
    this.atOnce = true;
    this.mqtt?.stream.destroy();
  }

  /** The stream has ended. */
  private lose(): void {
    this.attempting = false;
    this.abandon();
    if (this.stopping) this.identity.left();
    else this.identity.closed();
    this.report.lost();
    if (this.atOnce) this.connect();
    else this.retryLater();
    this.atOnce = false;
  }

  private abandon(): void {
    this.live = false;
    this.acks.drop();
    this.subscription.cancel();
  }

  private retryLater(): void {
    this.retry.set(this.options.reconnectMs, () => this.connect());
  }

  private async end(): Promise<void> {
    await until(() => this.acks.owed === 0, ACKNOWLEDGING, this.scheduler);
    if (this.acks.owed > 0) this.logger.warn('Leaving without acknowledgements', { unacknowledged: this.acks.owed });
    this.unfollow?.();
    if (!this.mqtt) return;
    this.report.leaving();
    const forget: Partial<IDisconnectPacket> = { properties: { sessionExpiryInterval: 0 } };
    const goodbye = this.options.protocolVersion === 5 && !this.sessionAwaitsUs ? forget : {};
    await endClient(this.mqtt, goodbye, this.scheduler);
    this.report.left();
  }
}
