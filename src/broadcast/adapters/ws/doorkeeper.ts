import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { ResolvedBroadcastOptions } from '../../broadcast.options.js';
import { ClientAddresses } from './client-address.js';
import { ClientInlet } from './client-inlet.js';
import { ClientPlaces, type Place, type Refusal } from './client-places.js';
import { PlainRequests } from './plain-request.js';
import { SocketExits } from './socket-exits.js';

/** Another process serves, or this one in a moment. */
const RETRY_AFTER_S = 1;
const STATUS: Record<Refusal, string> = {
  full: '503 Service Unavailable',
  'too-often': '503 Service Unavailable',
  'address-full': '429 Too Many Requests',
  'address-too-often': '429 Too Many Requests',
};

/**
 * The doorkeeper sees every socket that Node lets go of: it gives out the places, puts an inlet before each client, and
 * sees to it that all the others leave. Nothing that a client sends is parsed before it was counted.
 */
export class Doorkeeper {
  private readonly refusals: SampledWarning;
  private readonly floods: SampledWarning;
  private readonly webSockets: WebSocketServer;
  private readonly addresses: ClientAddresses;
  private readonly places: ClientPlaces;
  private readonly exits: SocketExits;
  private readonly plain: PlainRequests;
  /** upgrades that got no WebSocket */
  refused = 0;
  /** clients cut off because they sent too much */
  flooding = 0;

  constructor(
    private readonly options: ResolvedBroadcastOptions,
    private readonly scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    private readonly logger: Logger,
  ) {
    this.refusals = new SampledWarning(logger, 'A WebSocket client was refused');
    this.floods = new SampledWarning(logger, 'A WebSocket client was cut off: it sent more than it may');
    this.addresses = new ClientAddresses(options.trustedProxies);
    this.places = new ClientPlaces(options, () => scheduler.monotonicMs());
    this.exits = new SocketExits(scheduler);
    this.plain = new PlainRequests(scheduler, this.exits);
    // its types do not know it: how long a client may take over the close handshake, whoever began it
    const closeTimeout: ServerOptions = { closeTimeout: options.closeTimeoutMs } as object;
    this.webSockets = new WebSocketServer({
      ...closeTimeout,
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes,
    });
    metrics.showSockets(() => this.taken);
  }

  /** Sockets of the endpoint, whatever became of their requests. */
  get taken(): number {
    return this.places.taken;
  }

  /** Says once what is not bounded. */
  open(): void {
    if (this.options.trustedProxies.length > 0) return;
    this.logger.log('Clients from loopback and private addresses are not limited per address: name your proxies', {
      option: 'broadcast.trustedProxies',
    });
  }

  /** Upgrades the connection if there is a place for it. */
  admit(request: IncomingMessage, socket: Duplex, head: Buffer, welcome: (ws: WebSocket) => void): void {
    const place = this.places.take(this.addresses.of(request));
    if (typeof place === 'string') {
      const comesAgain = place !== 'full' ? RETRY_AFTER_S : undefined;
      const hint = place.startsWith('address') ? { hint: 'proxies belong in broadcast.trustedProxies' } : {};
      this.refusals.warn({ reason: place, sockets: this.taken, ...hint });
      this.refuse(socket, place, STATUS[place], comesAgain);
      return;
    }
    socket.once('close', place.giveBack);
    let isOpen = false;
    this.webSockets.handleUpgrade(request, socket, head, (ws) => {
      isOpen = true;
      this.watch(ws, socket, place);
      welcome(ws);
    });
    if (isOpen) return;
    // the library has answered why
    this.count('bad-request');
    this.exits.expect(socket);
  }

  /** Refuses an upgrade while this process serves nobody. */
  sendAway(socket: Duplex, reason: 'standby' | 'closing'): void {
    this.refuse(socket, reason, STATUS.full, reason === 'standby' ? RETRY_AFTER_S : undefined);
  }

  /** Lets the host answer an upgrade that nobody wants as a plain request. */
  answerPlainly(server: Server, request: IncomingMessage, socket: Duplex): void {
    this.plain.answer(server, request, socket as Socket);
  }

  /** The host closes its server, which waits for every socket. */
  close(): void {
    this.plain.close();
    this.exits.close();
  }

  /** Nobody is left behind. */
  end(): void {
    this.plain.end();
    this.exits.close();
  }

  private watch(ws: WebSocket, socket: Duplex, { allowances }: Place): void {
    const { closeTimeoutMs } = this.options;
    const flooded = () => {
      this.flooding += 1;
      this.metrics.webSocketsCutOff.inc({ reason: 'flooding' });
      this.floods.warn({ sockets: this.taken });
    };
    new ClientInlet(ws, socket, allowances, this.places.mostBytesAtOnce, this.scheduler, flooded).open();
    // a client that closed its half and does not read would stay for as long as it likes
    socket.once('end', () => this.exits.expect(socket, closeTimeoutMs));
  }

  private refuse(socket: Duplex, reason: string, status: string, retryAfterS?: number): void {
    this.count(reason);
    this.exits.refuse(socket, status, retryAfterS);
  }

  private count(reason: string): void {
    this.refused += 1;
    this.metrics.webSocketsRefused.inc({ reason });
  }
}
