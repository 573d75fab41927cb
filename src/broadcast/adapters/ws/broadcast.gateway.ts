import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown, Optional } from '@nestjs/common';
import type { RawData } from 'ws';
import { Clock } from '../../../kernel/clock.js';
import { Lifecycle } from '../../../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';
import { logFields } from '../../../kernel/log-fields.js';
import { LogSampler } from '../../../kernel/log-sampler.js';
import { Scheduler } from '../../../kernel/scheduler.js';
import { BoardParts } from '../../board-parts.js';
import { ResolvedBroadcastOptions } from '../../broadcast.options.js';
import type { BroadcastCounts, BroadcastStats } from '../../ports/broadcast-stats.js';
import { ClientAuthenticator } from '../../ports/client-authenticator.js';
import type { ClientFrame } from '../../ports/client-frame.js';
import type { ConnectCatchUp } from '../../ports/connect-catch-up.js';
import type { LiveListeners } from '../../ports/live-listeners.js';
import { MessagePipeline } from '../../ports/message-pipeline.js';
import type { AdmittedClient } from './admitted-client.js';
import { ClientMessages } from './client-messages.js';
import { Doorkeeper } from './doorkeeper.js';
import { EndpointServer } from './endpoint-server.js';
import { FrameCounts } from './frame-counts.js';
import { Greeting } from './greeting.js';
import { HeartbeatWheel } from './heartbeat-wheel.js';
import { LiveService } from './live-service.js';
import { type Frame, Outbox } from './outbox.js';
import { SlowClients } from './slow-clients.js';
import { Subscribe } from './subscribe.js';
import { tapUpgrades, type UpgradeTap } from './upgrade-tap.js';
import { type ClientKind, WsClient } from './ws-client.js';
import { WsClients } from './ws-clients.js';
import { joined, jsonFrame, PING_FRAME } from './ws-frame.js';

/** Of connections that fail for the same reason one is logged in so long. */
const FAILURE_PERIOD_MS = 1_000;

/**
 * The gateway is the WebSocket endpoint: it sends JSON text frames. Clients that say nothing get every frame of the
 * first protocol; those that connect with `?clock=1` tick by themselves and get no minute frames. A client that
 * subscribes, or connects with `?protocol=2`, speaks protocol 2: it gets what it asks for, with positions. See
 * docs/protocol.md.
 *
 * States: *idle* until bootstrap; *open* while the host's HTTP server takes connections; *closing* from the moment the
 * host closes that server (after every drain hook of the application has run): clients get close code 1001 and
 * `closeTimeoutMs` to answer; *closed* after that. Without an HTTP server, and where the host's own broadcaster is bound,
 * it stays idle. The lease does not matter here: a process that stands by serves what others commit.
 */
@Injectable()
export class BroadcastGateway
  implements BroadcastStats, ConnectCatchUp, LiveListeners, UpgradeTap, OnApplicationBootstrap, OnApplicationShutdown
{
  private readonly logger = new Logger(BroadcastGateway.name);
  private readonly life = new Lifecycle();
  private readonly doorkeeper: Doorkeeper;
  private readonly clients: WsClients;
  private readonly outbox: Outbox;
  private readonly messages: ClientMessages;
  private readonly service: LiveService;
  private readonly greeting: Greeting;
  private readonly wheel: HeartbeatWheel<WsClient>;
  private readonly sent: FrameCounts;
  private readonly failures = new LogSampler(FAILURE_PERIOD_MS);
  private nextId = 0;
  private openedAtMs: number | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly options: ResolvedBroadcastOptions,
    private readonly server: EndpointServer,
    private readonly clock: Clock,
    metrics: LiveScoreMetrics,
    private readonly scheduler: Scheduler,
    private readonly matches: BoardParts,
    pipeline: MessagePipeline,
    @Optional() authenticator?: ClientAuthenticator,
  ) {
    const slow = new SlowClients(matches.board, options, clock, scheduler, (client) => this.service.tooSlow(client));
    const asking = authenticator ? { authenticator, clock } : null;
    this.doorkeeper = new Doorkeeper(options, scheduler, metrics, this.logger, asking);
    this.clients = new WsClients(options, slow, metrics);
    this.sent = new FrameCounts(metrics);
    this.outbox = new Outbox(this.clients, clock, this.logger, (type) => this.sent.count(type));
    const { clients, doorkeeper } = this;
    const { maxSubscriptions } = options;
    const flush = () => this.outbox.flush();
    const common = { clients, clock, scheduler };
    const subscriptions = new Subscribe(matches, { ...common, flush, maxSubscriptions });
    this.service = new LiveService({ ...common, doorkeeper, subscriptions, metrics });
    this.messages = new ClientMessages(this.service, pipeline, clock, scheduler, this.logger);
    // half of it: a client that was just greeted has room for what is broadcast next
    this.greeting = new Greeting(options.maxBufferedBytes / 2, scheduler);
    this.wheel = new HeartbeatWheel(options.pingIntervalMs, (clients) => this.beat(clients));
  }

  /** Nest calls it once for each token that it is provided under. */
  onApplicationBootstrap(): void {
    if (this.life.started) return;
    const { news$ } = this.matches.feed;
    this.life.start(() => [this.outbox.follow(news$), news$.subscribe((news) => this.greeting.hear(news))]);
    const { path } = this.options;
    const server = this.server.find(path, this.logger);
    if (!server) return;
    this.openedAtMs = this.clock.nowMs();
    this.doorkeeper.open();
    this.wheel.start(this.scheduler);
    this.life.own(tapUpgrades(server, this));
    this.life.own(() => this.wheel.stop());
    this.logger.log('WebSocket endpoint is open', { path });
  }

  /** The HTTP server has closed the clients already, unless it never listened or was replaced. */
  async onApplicationShutdown(): Promise<void> {
    await this.closeClients();
    this.greeting.clear();
    this.service.close();
    this.life.stop();
    this.doorkeeper.end();
  }

  /** Path that clients connect to; null: there is no endpoint. */
  get endpoint(): string | null {
    return this.openedAtMs === undefined ? null : this.options.path;
  }

  get mostUnreadBytes(): number {
    return this.clients.mostUnreadBytes;
  }

  /** Sends frames of the host's own to the clients of the first protocol, after what was told before. */
  broadcast(frames: readonly Frame[]): void {
    this.outbox.frames(frames);
  }

  greetWith(frames: readonly ClientFrame[]): void {
    this.greeting.add(frames);
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
      framesSent: this.sent.total,
      uptimeMs: this.openedAtMs === undefined ? 0 : Math.max(0, this.clock.nowMs() - this.openedAtMs),
    };
  }

  wants({ url = '' }: IncomingMessage): boolean {
    const [path] = url.split('?', 1);
    return path === this.options.path || path === `${this.options.path}/`;
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.spareForcedClose(socket);
    if (this.closed) this.doorkeeper.sendAway(socket);
    else
      this.doorkeeper.admit(request, socket, head, (admitted) =>
        this.welcome(admitted, this.kindOf(request, admitted)),
      );
  }

  nobodyWants(server: Server, request: IncomingMessage, socket: Duplex): void {
    this.doorkeeper.answerPlainly(server, request, socket);
  }

  serverClosing(): void {
    this.doorkeeper.close();
    void this.closeClients();
  }

  private welcome(admitted: AdmittedClient, kind: ClientKind): void {
    this.nextId += 1;
    const client = new WsClient(String(this.nextId), admitted, kind);
    const { ws } = client;
    // a broken connection is followed by `close`; without a listener it would end the process
    ws.on('error', (error) => this.failed(error));
    ws.on('message', (data: RawData) => this.messages.arrived(client, data as Buffer));
    ws.once('close', this.wheel.add(client));
    this.service.identities.watch(client);
    // what was told before is not news to it
    this.outbox.flush();
    this.clients.add(client);
    const timestamp = this.clock.nowMs();
    const { pingIntervalMs } = this.options;
    if (kind === 'live') this.service.send(client, { type: 'WELCOME', protocol: 2, pingIntervalMs, timestamp });
    else {
      const welcome = jsonFrame({ type: 'CONNECTED_FROM_HANDLER', message: 'welcome', timestamp });
      this.clients.send(client, joined([welcome, ...this.greeting.messages]));
    }
  }

  /** Strangers do not choose how much is logged, at no level. */
  private failed({ message }: Error): void {
    const suppressed = this.failures.admit(message, this.scheduler.monotonicMs());
    if (suppressed !== null)
      this.logger.debug('WebSocket connection failed', logFields({ error: message, suppressed }));
  }

  /** A PING frame keeps proxies from closing idle connections, a protocol ping finds the dead. */
  private beat(clients: Iterable<WsClient>): void {
    const text = jsonFrame({ type: 'PING', timestamp: this.clock.nowMs() });
    this.clients.beat(clients, { text, withPing: joined([text, PING_FRAME]) });
  }

  private closeClients(): Promise<void> {
    this.wheel.stop();
    this.closed ??= this.service.closeAll(this.options.closeTimeoutMs);
    return this.closed;
  }

  /** `/ws?clock=1` asks for clocks instead of minutes. */
  private kindOf({ url = '' }: IncomingMessage, { protocol2 }: AdmittedClient): ClientKind {
    if (protocol2 || !this.options.legacyFrames) return 'live';
    return new URLSearchParams(url.split('?', 2)[1]).get('clock') === '1' ? 'ticking' : 'legacy';
  }
}
