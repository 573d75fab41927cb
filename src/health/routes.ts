import { HttpStatus, Injectable } from '@nestjs/common';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { ExplainAnswer } from './explain-answer.js';
import { HealthReport } from './health-report.js';
import { Readiness } from './readiness.js';

/** What Express and Fastify requests have in common here. */
export interface RouteRequest {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, string>>;
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

const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';
const NOT_FOUND: RouteAnswer = {
  status: HttpStatus.NOT_FOUND,
  body: { statusCode: HttpStatus.NOT_FOUND, message: 'Not Found' },
};

/** What each route answers. */
@Injectable()
export class Routes {
  constructor(
    private readonly report: HealthReport,
    private readonly readiness: Readiness,
    private readonly explainAnswer: ExplainAnswer,
    private readonly metrics: LiveScoreMetrics,
  ) {}

  list({ metrics }: { readonly metrics: boolean }): readonly Route[] {
    const ready = () => this.ready();
    return [
      { path: 'health', answer: () => ({ status: HttpStatus.OK, body: this.report.liveness() }) },
      { path: 'ready', answer: ready },
      { path: 'health/ready', answer: ready },
      { path: 'livescore/explain/:matchId', answer: (request) => this.explain(request) },
      ...(metrics ? [{ path: 'metrics', answer: () => this.prometheus() }] : []),
    ];
  }

  private async ready(): Promise<RouteAnswer> {
    const body = await this.readiness.report();
    return { status: body.ok ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, body };
  }

  /** Who shows no secret gets 404, as if nothing were there. */
  private explain({ headers, params }: RouteRequest): RouteAnswer {
    const body = this.explainAnswer.to(headers['x-internal-secret'], params.matchId ?? '');
    return body ? { status: HttpStatus.OK, body } : NOT_FOUND;
  }

  /** The package's metrics; the host's default registry is not in it. */
  private async prometheus(): Promise<RouteAnswer> {
    return { status: HttpStatus.OK, body: await this.metrics.registry.metrics(), contentType: PROMETHEUS };
  }
}
