import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../../kernel/clock.js';
import { InvalidOptionError } from '../../../kernel/livescore.errors.js';
import type { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { ResolvedBroadcastOptions } from '../../broadcast.options.js';
import type { ClientAuthenticator, ClientIdentity, UpgradeFacts } from '../../ports/client-authenticator.js';
import type { AdmittedClient } from './admitted-client.js';
import { ClientAddresses } from './client-address.js';
import { ClientAdmission, type Visitor } from './client-admission.js';
import { type AuthRefusal, type AuthResult, ClientAuthentication } from './client-authentication.js';
import { ClientInlet } from './client-inlet.js';
import { ClientPlaces, type Place, type Refusal } from './client-places.js';
import { OriginCheck } from './origin-check.js';
import { PlainRequests } from './plain-request.js';
import { ReadingTurns } from './reading-turns.js';
import { SocketExits } from './socket-exits.js';
import { factsOf, type KeptFacts } from './upgrade-facts.js';
import { asksForProtocol2, selectProtocol } from './upgrade-token.js';

/** Another process serves, or this one in a moment. */
const RETRY_AFTER_S = 1;
const STATUS: Record<Refusal, string> = {
  full: '503 Service Unavailable',
  'too-often': '503 Service Unavailable',
  'address-full': '429 Too Many Requests',
  'address-too-often': '429 Too Many Requests',
};
const FORBIDDEN = '403 Forbidden';
/** A status of this kind names the way to authenticate, in a header of its own. */
const UNAUTHORIZED = '401 Unauthorized\r\nWWW-Authenticate: Bearer';

/** The authenticator of the host, and the clock that tells whether what it says is over. */
export interface Authenticity {
  readonly authenticator: ClientAuthenticator;
  readonly clock: Clock;
}

/**
 * The doorkeeper sees every socket that Node lets go of: it gives out the places, puts an inlet before each client, and
 * sees to it that all the others leave. Nothing that a client sends is parsed before it was counted, and nobody is asked who
 * it is before it has a place.
 */
export class Doorkeeper {
  private readonly refusals: SampledWarning;
  private readonly floods: SampledWarning;
  private readonly webSockets: WebSocketServer;
  private readonly origins: OriginCheck;
  private readonly authentication: ClientAuthentication | null;
  private readonly admission: ClientAdmission;
  private readonly kept: KeptFacts;
  private readonly addresses: ClientAddresses;
  private readonly places: ClientPlaces;
  private readonly exits: SocketExits;
  private readonly plain: PlainRequests;
  private readonly turns: ReadingTurns;
  /** upgrades that got no WebSocket */
  refused = 0;
  /** clients cut off because they sent too much */
  flooding = 0;

  constructor(
    private readonly options: ResolvedBroadcastOptions,
    private readonly scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    private readonly logger: Logger,
    authenticity: Authenticity | null = null,
  ) {
    this.refusals = new SampledWarning(logger, 'A WebSocket client was refused');
    this.floods = new SampledWarning(logger, 'A WebSocket client was cut off: it sent more than it may');
    this.addresses = new ClientAddresses(options.trustedProxies);
    this.places = new ClientPlaces(options, () => scheduler.monotonicMs());
    this.exits = new SocketExits(scheduler);
    this.plain = new PlainRequests(scheduler, this.exits);
    this.turns = new ReadingTurns(() => scheduler.monotonicMs());
    this.origins = new OriginCheck(options.origins);
    this.authentication = authenticity && this.authenticationBy(authenticity);
    this.admission = new ClientAdmission(this.authentication, options.anonymous);
    this.kept = { headers: authenticity !== null || hasEnhancers(options), withoutToken: authenticity !== null };
    // its types do not know it: how long a client may take over the close handshake, whoever began it
    const closeTimeout: ServerOptions = { closeTimeout: options.closeTimeoutMs } as object;
    this.webSockets = new WebSocketServer({
      ...closeTimeout,
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes,
      handleProtocols: selectProtocol,
    });
    metrics.showSockets(() => this.taken);
  }

  /** Sockets of the endpoint, whatever became of their requests. */
  get taken(): number {
    return this.places.taken;
  }

  /**
   * Says once what is not bounded.
   * @throws InvalidOptionError when clients must say who they are, and nobody knows them
   */
  open(): void {
    if (!this.options.anonymous && !this.authentication) {
      const expected = 'true, as no ClientAuthenticator is bound';
      throw new InvalidOptionError([
        { module: 'BroadcastModule', option: 'anonymous', expected, received: 'false (boolean)' },
      ]);
    }
    if (this.options.trustedProxies.length > 0) return;
    this.logger.log('Clients from loopback and private addresses are not limited per address: name your proxies', {
      option: 'broadcast.trustedProxies',
    });
  }

  /**
   * Upgrades the connection if its page may connect, there is a place for it, and it is somebody who may. Where no authenticator
   * is bound, or there is no token to ask about, all of that happens at once.
   */
  admit(request: IncomingMessage, socket: Duplex, head: Buffer, welcome: (client: AdmittedClient) => void): void {
    if (!this.origins.allows(request)) {
      this.refusals.warn({ reason: 'origin', hint: 'origins are named in broadcast.origins' });
      this.refuse(socket, 'origin', FORBIDDEN);
      return;
    }
    const address = this.addresses.of(request);
    const place = this.places.take(address);
    if (typeof place === 'string') {
      this.turnAway(socket, place);
      return;
    }
    socket.once('close', place.giveBack);
    const visitor = { request, socket, facts: factsOf(request, address, this.kept) };
    this.admission.decide(visitor, {
      admitted: (identity) => this.upgrade(visitor, head, place, (ws) => welcome(admitted(visitor, ws, identity))),
      refused: (refusal) => this.turnAwayStranger(socket, refusal),
    });
  }

  /**
   * Asks the authenticator about a client that sends a token later.
   * @param gone aborted when the client is
   * @returns null: there is no authenticator
   */
  async authenticate(token: string, facts: UpgradeFacts, gone: AbortSignal): Promise<AuthResult | null> {
    return this.authentication && (await this.authentication.identify(token, facts, gone));
  }

  /** Refuses an upgrade while the host closes. */
  sendAway(socket: Duplex): void {
    this.refuse(socket, 'closing', STATUS.full);
  }

  /** Lets the host answer an upgrade that nobody wants as a plain request. */
  answerPlainly(server: Server, request: IncomingMessage, socket: Duplex): void {
    this.plain.answer(server, request, socket as Socket);
  }

  /** The host closes its server, which waits for every socket. */
  close(): void {
    this.authentication?.close();
    this.plain.close();
    this.exits.close();
  }

  /** Nobody is left behind. */
  end(): void {
    this.authentication?.close();
    this.plain.end();
    this.exits.close();
  }

  private authenticationBy({ authenticator, clock }: Authenticity): ClientAuthentication {
    const { authTimeoutMs } = this.options;
    return new ClientAuthentication(authenticator, authTimeoutMs, clock, this.scheduler, this.logger);
  }

  private upgrade({ request, socket }: Visitor, head: Buffer, place: Place, opened: (ws: WebSocket) => void): void {
    let isOpen = false;
    // the answer to the upgrade leaves in one write with what a client is welcomed by
    socket.cork();
    try {
      this.webSockets.handleUpgrade(request, socket, head, (ws) => {
        isOpen = true;
        this.watch(ws, socket, place);
        opened(ws);
      });
    } finally {
      socket.uncork();
    }
    if (isOpen) return;
    // the library has answered why
    this.count('bad-request');
    this.exits.expect(socket);
  }

  private turnAway(socket: Duplex, reason: Refusal): void {
    const comesAgain = reason !== 'full' ? RETRY_AFTER_S : undefined;
    const hint = reason.startsWith('address') ? { hint: 'proxies belong in broadcast.trustedProxies' } : {};
    this.refusals.warn({ reason, sockets: this.taken, ...hint });
    this.refuse(socket, reason, STATUS[reason], comesAgain);
  }

  /** Not logged: a wrong token is the client's affair, and what is the host's has a warning of its own. */
  private turnAwayStranger(socket: Duplex, refusal: Exclude<AuthRefusal, 'gone'>): void {
    if (refusal === 'unauthorized') this.refuse(socket, refusal, UNAUTHORIZED);
    else this.refuse(socket, `auth-${refusal}`, STATUS.full, RETRY_AFTER_S);
  }

  private watch(ws: WebSocket, socket: Duplex, { allowances }: Place): void {
    const { closeTimeoutMs } = this.options;
    const flooded = () => {
      this.flooding += 1;
      this.metrics.webSocketsCutOff.inc({ reason: 'flooding' });
      this.floods.warn({ sockets: this.taken });
    };
    const { turns, scheduler } = this;
    new ClientInlet(ws, socket, allowances, this.places.mostBytesAtOnce, turns, scheduler, flooded).open();
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

function admitted({ request, socket, facts }: Visitor, ws: WebSocket, identity: ClientIdentity): AdmittedClient {
  return { ws, socket, identity, facts, protocol2: asksForProtocol2(request) };
}

/** Guards and interceptors may look at the headers of a client. */
function hasEnhancers({ enhancers, globalEnhancers }: ResolvedBroadcastOptions): boolean {
  return globalEnhancers || Object.values(enhancers).some((list) => list.length > 0);
}
