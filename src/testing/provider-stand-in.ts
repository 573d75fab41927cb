import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProviderHistory, type ProviderMatch } from './provider-history.js';

export interface ProviderStandInOptions {
  /** @default 0: any free port of 127.0.0.1 */
  readonly port?: number;
  /** @default 'stand-in' */
  readonly user?: string;
  /** @default 'secret-of-the-stand-in' */
  readonly secret?: string;
}

/** What goes wrong. All of it is off by default; several can be on at once. */
export interface ProviderBehaviour {
  /** milliseconds before the answer begins */
  readonly latencyMs?: number;
  /** answers are as old as that, milliseconds, at most 120,000 */
  readonly cacheAgeMs?: number;
  /** the provider's clock minus ours, milliseconds: moves the `Date` header */
  readonly clockSkewMs?: number;
  /** that many live matches that nobody knows, `unrelated-0` and on, come first in each answer */
  readonly unrelatedMatches?: number;
  /** HTTP status in place of 200 */
  readonly httpStatus?: number;
  /** body in place of the live matches */
  readonly body?: string;
  /** `hang`: never answers; `stall` falls silent in the middle of the answer, `cut` closes the connection there */
  readonly connection?: 'hang' | 'stall' | 'cut';
}

/** Bodies the provider is known to answer with. */
export const providerErrorBodies = {
  /** our address is not on its list */
  address: '{"err":"IP is not authorized to access, please contact our business staff."}',
  /** more requests than the plan allows */
  limit: '{"code":429,"msg":"Too Many Requests"}',
} as const;

const LIVE_MATCHES = '/match/detail_live';
const ZERO = [0, 0, 0, 0, 0, 0, 0];

/** The provider's REST API for tests and demos: an HTTP server that tells what it was told, or fails as it was told. */
export class ProviderStandIn {
  readonly user: string;
  readonly secret: string;
  private readonly server: Server;
  private readonly history = new ProviderHistory();
  private readonly delayed = new Set<NodeJS.Timeout>();
  private behaviour: ProviderBehaviour = {};
  private served = 0;

  /** @internal use {@link startProviderStandIn} */
  constructor({ user = 'stand-in', secret = 'secret-of-the-stand-in' }: ProviderStandInOptions) {
    this.user = user;
    this.secret = secret;
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
    this.history.record(match.id, match, Date.now());
  }

  /** From now on the match is not live. */
  remove(matchId: string): void {
    this.history.record(matchId, null, Date.now());
  }

  /** Replaces the whole behaviour; `{}` is a provider without faults. */
  behave(behaviour: ProviderBehaviour): void {
    this.behaviour = behaviour;
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

  private receive(request: IncomingMessage, response: ServerResponse): void {
    this.served += 1;
    const behaviour = this.behaviour;
    if (behaviour.connection === 'hang') return;
    const timer = setTimeout(() => {
      this.delayed.delete(timer);
      this.answer(request, response, behaviour);
    }, behaviour.latencyMs ?? 0);
    this.delayed.add(timer);
  }

  private answer(request: IncomingMessage, response: ServerResponse, behaviour: ProviderBehaviour): void {
    const { status, body } = this.statusAndBody(new URL(request.url ?? '/', this.url), behaviour);
    response.writeHead(behaviour.httpStatus ?? status, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      Date: new Date(Date.now() + (behaviour.clockSkewMs ?? 0)).toUTCString(),
    });
    if (behaviour.connection === undefined) response.end(body);
    else response.write(body.slice(0, body.length / 2), () => behaviour.connection === 'cut' && response.destroy());
  }

  private statusAndBody(url: URL, behaviour: ProviderBehaviour): { status: number; body: string } {
    if (behaviour.body !== undefined) return { status: 200, body: behaviour.body };
    const { searchParams, pathname } = url;
    if (searchParams.get('user') !== this.user || searchParams.get('secret') !== this.secret) {
      return { status: 200, body: '{"code":401,"err":"user or secret is wrong"}' };
    }
    if (!pathname.endsWith(LIVE_MATCHES)) return { status: 404, body: '{"code":404,"err":"no such endpoint"}' };
    const results = [
      ...unrelated(behaviour.unrelatedMatches ?? 0),
      ...this.history.at(Date.now() - (behaviour.cacheAgeMs ?? 0)),
    ];
    return { status: 200, body: JSON.stringify({ code: 0, results }) };
  }
}

function unrelated(count: number): ProviderMatch[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `unrelated-${index}`;
    return { id, score: [id, 2, ZERO, ZERO, Math.floor(Date.now() / 1000) - 600, ''] };
  });
}

/** Resolves when it answers. @throws when the port is taken */
export async function startProviderStandIn(options: ProviderStandInOptions = {}): Promise<ProviderStandIn> {
  const standIn = new ProviderStandIn(options);
  await standIn.listen(options.port ?? 0);
  return standIn;
}
