import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { RawData, WebSocket } from 'ws';
import { IngestLease } from '../../../contracts/ingest-lease.js';
import { followLease } from '../../../contracts/lease-follower.js';
import { Clock } from '../../../kernel/clock.js';
import { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { Scheduler } from '../../../kernel/scheduler.js';
import { ResolvedBroadcastOptions } from '../../broadcast.options.js';
import type { BroadcastBus } from '../../ports/broadcast-bus.js';
import type { BroadcastCounts, BroadcastStats } from '../../ports/broadcast-stats.js';
import type { ConnectCatchUp } from '../../ports/connect-catch-up.js';
import { LegacyBroadcastPort } from '../../ports/legacy-broadcast.js';
import { Doorkeeper } from './doorkeeper.js';
import { Greeting } from './greeting.js';
import { tapUpgrades, type UpgradeTap } from './upgrade-tap.js';
import { GOING_AWAY, TRY_AGAIN, WsClients } from './ws-clients.js';

/** The one message that clients send is far shorter; a longer one is not looked at. */
const LONGEST_PARSED_BYTES = 1_024;

/** A frame of any type; `type` is the label of its counter. */
interface Frame {
  readonly type: string;
}

/**
 * The WebSocket endpoint of existing clients: JSON text frames, every frame to every client, no subscriptions. Those that
 * connect with `?clock=1` tick by themselves and get no minute frames.
 *
 * States: *idle* until bootstrap; *open* while the host's HTTP server takes connections; *closing* from the moment the
 * host closes that server (after every drain hook of the application has run): clients get close code 1001 and
 * `closeTimeoutMs` to answer; *closed* after that. Without an HTTP server, and where the host's own broadcaster is bound,
 * it stays idle.
 *
 * While *open* a process without the lease hears of no change, so it serves nobody: upgrades are refused with 503 and
 * `Retry-After`, and who is connected when the lease is lost gets close code 1013, to come back to the process that
 * has it now.
 */
@Injectable()
export class BroadcastGateway
  implements BroadcastBus, BroadcastStats, ConnectCatchUp, UpgradeTap, OnApplicationBootstrap, OnApplicationShutdown
{
  private readonly logger = new Logger(BroadcastGateway.name);
  private readonly invalidMessages = new SampledWarning(this.logger, 'A WebSocket client sent invalid JSON');
  private readonly doorkeeper: Doorkeeper;
  private readonly clients: WsClients;
  private readonly greeting: Greeting;
  private readonly sentByType = new Map<string, { inc(): void }>();
  private framesSent = 0;
  private started = false;
  private isServing = false;
  private unfollow: (() => void) | undefined;
  private openedAtMs: number | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private removeTap: (() => void) | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly options: ResolvedBroadcastOptions,
    private readonly httpAdapterHost: HttpAdapterHost,
    private readonly clock: Clock,
    private readonly metrics: LiveScoreMetrics,
    scheduler: Scheduler,
    @Optional() private readonly hostBroadcaster?: LegacyBroadcastPort,
    @Optional() private readonly lease?: IngestLease,
  ) {
    this.doorkeeper = new Doorkeeper(options, scheduler, metrics, this.logger);
    this.clients = new WsClients(options.maxBufferedBytes, options.maxBufferedBytesTotal, metrics);
    // half of it: a client that was just greeted has room for what is broadcast next
    this.greeting = new Greeting(options.maxBufferedBytes / 2);
  }

  /** Nest calls it once for each token that it is provided under. */
  onApplicationBootstrap(): void {
    if (this.started) return;
    this.started = true;
    if (this.hostBroadcaster) {
      this.logger.log("No WebSocket endpoint: the host's broadcaster is bound", { path: this.options.path });
      return;
    }
    const server: Server | undefined = this.httpAdapterHost.httpAdapter?.getHttpServer();
    if (!server) {
      this.logger.warn('No WebSocket endpoint: the application has no HTTP server', { path: this.options.path });
      return;
    }
    this.openedAtMs = this.clock.nowMs();
    this.followLease();
    this.doorkeeper.open();
    this.removeTap = tapUpgrades(server, this);
    this.heartbeat = setInterval(() => this.beat(), this.options.pingIntervalMs).unref();
    this.logger.log('WebSocket endpoint is open', { path: this.options.path });
  }

  /** The HTTP server has closed the clients already, unless it never listened or was replaced. */
  async onApplicationShutdown(): Promise<void> {
    await this.closeClients();
    this.unfollow?.();
    this.removeTap?.();
    this.removeTap = undefined;
    this.doorkeeper.end();
  }

  get hasListeners(): boolean {
    return this.clients.size > 0;
  }

  get mostUnreadBytes(): number {
    return this.clients.mostUnreadBytes;
  }

  /** Sends frames of the host's own, as `publish` does. */
  broadcast(frames: readonly Frame[]): void {
    this.publish(frames);
  }

  /** Sends the frames to every client, in order; each is serialised once. Does nothing when nobody is connected. */
  publish(frames: readonly Frame[]): void {
    if (this.clients.size === 0) return;
    const messages = frames.map(serialise);
    this.clients.sendToAll(messages, this.clients.anyTicks ? withoutMinutes(frames, messages) : messages);
    this.framesSent += frames.length;
    for (const { type } of frames) this.counterOf(type).inc();
  }

  greetWith(frames: readonly Frame[]): void {
    this.greeting.add(frames.map(serialise));
  }

  greetPlainly(): void {
    this.greeting.clear();
  }

  counts(): BroadcastCounts {
    return {
      activeConnections: this.clients.size,
      totalConnections: this.clients.total,
      totalDisconnections: this.clients.disconnected,
      takenSockets: this.doorkeeper.taken,
      refusedConnections: this.doorkeeper.refused,
      floodingClients: this.doorkeeper.flooding,
      slowClients: this.clients.slow,
      deadClients: this.clients.dead,
      framesSent: this.framesSent,
      uptimeMs: this.openedAtMs === undefined ? 0 : Math.max(0, this.clock.nowMs() - this.openedAtMs),
    };
  }

  wants({ url = '' }: IncomingMessage): boolean {
    const [path] = url.split('?', 1);
    return path === this.options.path || path === `${this.options.path}/`;
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.closed) this.doorkeeper.sendAway(socket, 'closing');
    else if (!this.isServing) this.doorkeeper.sendAway(socket, 'standby');
    else this.doorkeeper.admit(request, socket, head, (ws) => this.welcome(ws, socket, asksForClocks(request)));
  }

  nobodyWants(server: Server, request: IncomingMessage, socket: Duplex): void {
    this.doorkeeper.answerPlainly(server, request, socket);
  }

  serverClosing(): void {
    this.doorkeeper.close();
    void this.closeClients();
  }

  /** One tick of the heartbeat: a PING frame keeps proxies from closing idle connections, a protocol ping finds the dead. */
  beat(): void {
    if (this.clients.size === 0) return;
    this.clients.sendToAll([serialise({ type: 'PING', timestamp: this.clock.nowMs() })]);
    this.clients.ping();
  }

  private followLease(): void {
    this.unfollow = followLease(this.lease, {
      begun: () => {
        this.isServing = true;
      },
      ended: () => {
        this.isServing = false;
        void this.clients.closeAll(this.options.closeTimeoutMs, TRY_AGAIN);
      },
    });
  }

  private welcome(ws: WebSocket, socket: Duplex, ticks: boolean): void {
    // a broken connection is followed by `close`; without a listener it would end the process
    ws.on('error', (error) => this.logger.debug('WebSocket connection failed', { error: error.message }));
    ws.on('message', (data: RawData) => this.answer(ws, data as Buffer));
    this.clients.add(ws, socket, ticks);
    const welcome = { type: 'CONNECTED_FROM_HANDLER', message: 'welcome', timestamp: this.clock.nowMs() };
    this.clients.send(ws, [serialise(welcome), ...this.greeting.messages]);
  }

  private answer(ws: WebSocket, data: Buffer): void {
    if (data.length > LONGEST_PARSED_BYTES) return;
    let message: unknown;
    try {
      message = JSON.parse(data.toString());
    } catch {
      this.invalidMessages.warn();
      return;
    }
    if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'PING') {
      this.clients.send(ws, [serialise({ type: 'PONG', timestamp: this.clock.nowMs() })]);
    }
  }

  private closeClients(): Promise<void> {
    clearInterval(this.heartbeat);
    this.closed ??= this.clients.closeAll(this.options.closeTimeoutMs, GOING_AWAY);
    return this.closed;
  }

  private counterOf(type: string): { inc(): void } {
    let counter = this.sentByType.get(type);
    if (!counter) {
      counter = this.metrics.framesSent.labels(type);
      this.sentByType.set(type, counter);
    }
    return counter;
  }
}

/** `/ws?clock=1` */
function asksForClocks({ url = '' }: IncomingMessage): boolean {
  return new URLSearchParams(url.split('?', 2)[1]).get('clock') === '1';
}

function withoutMinutes(frames: readonly Frame[], messages: readonly Buffer[]): readonly Buffer[] {
  return messages.filter((_message, n) => frames[n]?.type !== 'MINUTE_UPDATE');
}

function serialise(frame: object): Buffer {
  return Buffer.from(JSON.stringify(frame));
}
