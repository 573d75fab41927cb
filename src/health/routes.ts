import { HttpStatus, Injectable } from '@nestjs/common';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { ExplainAnswer } from './explain-answer.js';
import { ResolvedHealthOptions } from './health.options.js';
import { HealthReport } from './health-report.js';
import { InternalAnswers } from './internal-answers.js';
import { InternalSecret } from './internal-secret.js';
import { Readiness } from './readiness.js';
import type { RouteName } from './route-paths.js';

/** What Express and Fastify requests have in common here. */
export interface RouteRequest {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, string>>;
  readonly query?: unknown;
}

export interface RouteAnswer {
  readonly status: HttpStatus;
  readonly body: object | string;
  /** @default that of an object */
  readonly contentType?: string;
}

export interface Route {
  readonly path: string;
  answer(request: RouteRequest): RouteAnswer | Promise<RouteAnswer>;
}

type Answering = Route['answer'];

const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';
const NOT_FOUND: RouteAnswer = {
  status: HttpStatus.NOT_FOUND,
  body: { statusCode: HttpStatus.NOT_FOUND, message: 'Not Found' },
};

/** What each route answers. */
@Injectable()
export class Routes {
  constructor(
    private readonly options: ResolvedHealthOptions,
    private readonly report: HealthReport,
    private readonly readiness: Readiness,
    private readonly explainAnswer: ExplainAnswer,
    private readonly internal: InternalAnswers,
    private readonly secret: InternalSecret,
    private readonly metrics: LiveScoreMetrics,
  ) {}

  list({ metrics }: { readonly metrics: boolean }): readonly Route[] {
    const named: readonly [RouteName, Answering, string?][] = [
      ['health', () => ok(this.report.liveness())],
      ['ready', () => this.ready()],
      ['healthReady', () => this.ready()],
      ['detailed', this.guarded(() => ok(this.internal.detailed()))],
      ['pool', this.guarded(() => found(this.internal.pool()))],
      ['sync', this.guarded(() => this.sync())],
      ['latency', this.guarded(({ query }) => found(this.latency(query)))],
      ['webSocket', this.guarded(() => found(this.internal.webSocket()))],
      ['explain', this.guarded(({ params }) => ok(this.explainAnswer.explain(params.matchId ?? ''))), '/:matchId'],
      ['metrics', () => this.prometheus()],
    ];
    return named.flatMap(([name, answer, rest = '']) => {
      const path = this.options.routes[name];
      const isLeftOut = path === false || (name === 'metrics' && !metrics);
      return isLeftOut ? [] : [{ path: `${path}${rest}`, answer }];
    });
  }

  /** Who shows no secret gets 404, like a route that the host does not have. */
  private guarded(answer: Answering): Answering {
    return (request) => (this.secret.opensFor(request.headers['x-internal-secret']) ? answer(request) : NOT_FOUND);
  }

  private async ready(): Promise<RouteAnswer> {
    const body = await this.readiness.report();
    return { status: body.ok ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, body };
  }

  private sync(): RouteAnswer {
    const body = this.internal.sync();
    if (!body) return NOT_FOUND;
    return { status: body.ok ? HttpStatus.OK : HttpStatus.INTERNAL_SERVER_ERROR, body };
  }

  /** Of one event, or of all; null for a word that names none. */
  private latency(query: unknown): object | null {
    const given = typeof query === 'object' && query !== null && 'eventType' in query ? query.eventType : undefined;
    if (given === undefined) return this.internal.latency();
    return isEventType(given) ? this.internal.latency(given) : null;
  }

  /** The package's metrics; the host's default registry is not in it. */
  private async prometheus(): Promise<RouteAnswer> {
    return { status: HttpStatus.OK, body: await this.metrics.registry.metrics(), contentType: PROMETHEUS };
  }
}

function ok(body: object): RouteAnswer {
  return { status: HttpStatus.OK, body };
}

function found(body: object | null): RouteAnswer {
  return body ? ok(body) : NOT_FOUND;
}

/** Whatever framework read the query: one word. */
function isEventType(given: unknown): given is string {
  return typeof given === 'string' && /^\w{1,64}$/.test(given);
}
