import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Asked, ProviderAnswers } from './provider-answers.js';
import type { ProviderBehaviour } from './provider-behaviour.js';
import { ProviderChanges } from './provider-changes.js';
import { ProviderDeletions } from './provider-deletions.js';
import { PROVIDER_ENTITY_KINDS, ProviderEntities } from './provider-entities.js';
import { msOf } from './provider-fault.js';
import { ProviderFaults, type Strikes } from './provider-faults.js';
import { ProviderFixtures } from './provider-fixtures.js';
import { ProviderHistory, type ProviderMatch } from './provider-history.js';
import { changedPresentation, PROVIDER_PRESENTATION, type ProviderPresentation } from './provider-presentation.js';
import { sendReply } from './provider-reply.js';
import { arrivedRequest } from './provider-request.js';
import { type LoggedRequest, ProviderRequestLog } from './provider-request-log.js';
import type { ProviderCatalogue } from './provider-tournament.js';

/** These options configure {@link ProviderStandIn}. */
export interface ProviderStandInOptions extends Partial<ProviderPresentation> {
  /** @default 0: any free port of 127.0.0.1 */
  readonly port?: number;
  /** @default 'stand-in' */
  readonly user?: string;
  /** @default 'secret-of-the-stand-in' */
  readonly secret?: string;
  /** requests that `requestLog` remembers. @default 50,000 */
  readonly loggedRequests?: number;
  /** the provider's clock, unix ms; the request log has the one of this machine. @default Date.now */
  readonly nowMs?: () => number;
}

/**
 * The stand-in is the provider's REST API for tests and demos: an HTTP server that tells what it was told, or fails as
 * it was told.
 */
export class ProviderStandIn {
  readonly user: string;
  readonly secret: string;
  /** what `/deleted` tells */
  readonly deletions: ProviderDeletions;
  /** the rows of the entity lists */
  readonly entities: ProviderEntities;
  /** the matches of `/match/recent/list` and `/match/diary` */
  readonly fixtures: ProviderFixtures;
  /** what `/data/update` tells */
  readonly changes: ProviderChanges;
  /** faults by endpoint, probability or number of answers; `behave` has those that concern every answer */
  readonly faults = new ProviderFaults();
  readonly requestLog: ProviderRequestLog;
  private readonly server: Server;
  private readonly history = new ProviderHistory();
  private readonly answers: ProviderAnswers;
  private readonly nowMs: () => number;
  private readonly delayed = new Set<NodeJS.Timeout>();
  private shown: ProviderPresentation;
  private behaviour: ProviderBehaviour = {};
  private served = 0;

  /** @internal use {@link startProviderStandIn} */
  constructor(options: ProviderStandInOptions) {
    const { user, secret, port: _, loggedRequests, nowMs = Date.now, ...shown } = options;
    this.user = user ?? 'stand-in';
    this.secret = secret ?? 'secret-of-the-stand-in';
    this.nowMs = nowMs;
    this.shown = changedPresentation(PROVIDER_PRESENTATION, shown);
    this.requestLog = new ProviderRequestLog(loggedRequests);
    this.deletions = new ProviderDeletions(nowMs);
    this.entities = new ProviderEntities(this.deletions, nowMs);
    this.fixtures = new ProviderFixtures(this.deletions, nowMs);
    this.changes = new ProviderChanges(nowMs);
    const { entities, fixtures, changes, deletions, history } = this;
    this.answers = new ProviderAnswers({
      entities,
      fixtures,
      changes,
      deletions,
      history,
      nowMs,
      user: this.user,
      secret: this.secret,
    });
    this.server = createServer((request, response) => this.receive(request, response));
  }

  /** `baseUrl` of the provider options */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1/football`;
  }

  /** requests that arrived, good or bad */
  get requests(): number {
    return this.served;
  }

  /** From now on this is what is true about the match. */
  put(match: ProviderMatch): void {
    this.history.record(match.id, match, this.nowMs());
  }

  /** From now on the match is not live. */
  remove(matchId: string): void {
    this.history.record(matchId, null, this.nowMs());
  }

  /** Replaces the whole behaviour; `{}` is a provider without faults. */
  behave(behaviour: ProviderBehaviour): void {
    this.behaviour = behaviour;
  }

  /** Changes how lists are shown; what is not named stays as it is. */
  show(presentation: Partial<ProviderPresentation>): void {
    this.shown = changedPresentation(this.shown, presentation);
  }

  /** Puts every row and fixture of a catalogue. */
  fill({ entities, fixtures }: ProviderCatalogue): void {
    for (const kind of PROVIDER_ENTITY_KINDS) this.entities.put(kind, entities[kind] ?? []);
    this.fixtures.put(fixtures);
  }

  /** @internal */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    for (const timer of this.delayed) clearTimeout(timer);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private receive(incoming: IncomingMessage, response: ServerResponse): void {
    this.served += 1;
    const request = arrivedRequest(incoming);
    const { endpoint, query, page } = request;
    const counted = this.answers.knows(endpoint) ? endpoint : 'unknown';
    const logged = this.requestLog.begin(endpoint, counted, query, Date.now());
    const asked: Asked = {
      request,
      behaviour: this.behaviour,
      strikes: this.faults.strike(endpoint, page),
      shown: this.shown,
    };
    const { behaviour, strikes } = asked;
    if (behaviour.connection === 'hang' || strikes.has('hang')) return;
    const slow = strikes.get('slow');
    const lateMs = (behaviour.latencyMs ?? 0) + (slow ? msOf(slow) : 0);
    const timer = setTimeout(() => {
      this.delayed.delete(timer);
      this.answer(asked, response, logged);
    }, lateMs);
    this.delayed.add(timer);
  }

  private answer(asked: Asked, response: ServerResponse, logged: LoggedRequest): void {
    const { behaviour, strikes } = asked;
    const { status, body, headers } = this.answers.answer(asked);
    const skew = strikes.get('clock-skew');
    logged.status = behaviour.httpStatus ?? status;
    logged.bytes = sendReply(response, {
      status: logged.status,
      body,
      headers: headers ?? {},
      dateMs: this.nowMs() + (behaviour.clockSkewMs ?? 0) + (skew ? msOf(skew) : 0),
      gzip: strikes.has('gzip'),
      connection: behaviour.connection === 'hang' ? null : (behaviour.connection ?? brokenBy(strikes)),
    });
  }
}

function brokenBy(strikes: Strikes): 'stall' | 'cut' | null {
  if (strikes.has('stall')) return 'stall';
  return strikes.has('cut') ? 'cut' : null;
}

/** Resolves when it answers. @throws when the port is taken */
export async function startProviderStandIn(options: ProviderStandInOptions = {}): Promise<ProviderStandIn> {
  const standIn = new ProviderStandIn(options);
  await standIn.listen(options.port ?? 0);
  return standIn;
}
