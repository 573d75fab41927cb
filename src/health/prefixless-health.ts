import { HttpStatus, Injectable, type OnModuleInit } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';
import { HealthReport } from './health-report.js';
import { Readiness } from './readiness.js';

/**
 * `GET /health`, `/ready` and `/health/ready` without the host's global prefix, which deploy scripts ask for. Routes of
 * the HTTP adapter itself, registered after the controllers' routes: without a global prefix the controllers are there
 * already and answer.
 */
@Injectable()
export class PrefixlessHealth implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly report: HealthReport,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    const adapter = this.host.httpAdapter;
    if (!adapter) return;
    addRoute(adapter, '/health', (response) => reply(adapter, response, this.report.liveness(), HttpStatus.OK));
    for (const path of ['/ready', '/health/ready'])
      addRoute(adapter, path, (response) => this.ready(adapter, response));
  }

  private async ready(adapter: AbstractHttpAdapter, response: unknown): Promise<void> {
    const report = await this.readiness.report();
    reply(adapter, response, report, report.ok ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
  }
}

function reply(adapter: AbstractHttpAdapter, response: unknown, body: object, status: number): void {
  adapter.setHeader(response, 'cache-control', 'no-store');
  adapter.reply(response, body, status);
}

function addRoute(
  adapter: AbstractHttpAdapter,
  path: string,
  answer: (response: unknown) => void | Promise<void>,
): void {
  try {
    adapter.get(path, (_request: unknown, response: unknown) => answer(response));
  } catch (error) {
    if (!isDuplicateRoute(error)) throw error;
  }
}

/** Fastify refuses a second route of one path; Express lets the first one answer. */
function isDuplicateRoute(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_DUPLICATED_ROUTE';
}
