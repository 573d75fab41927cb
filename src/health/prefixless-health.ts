import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { HealthReport } from './health-report.js';

/**
 * `GET /health` without the host's global prefix, which deploy scripts ask for. A route of the HTTP adapter itself,
 * registered after the controllers' routes: without a global prefix the controller is there already and answers.
 */
@Injectable()
export class PrefixlessHealth implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly report: HealthReport,
  ) {}

  onModuleInit(): void {
    const adapter = this.host.httpAdapter;
    if (!adapter) return;
    try {
      adapter.get('/health', (_request: unknown, response: unknown) => {
        adapter.setHeader(response, 'cache-control', 'no-store');
        adapter.reply(response, this.report.liveness(), 200);
      });
    } catch (error) {
      if (!isDuplicateRoute(error)) throw error;
    }
  }
}

/** Fastify refuses a second route of one path; Express lets the first one answer. */
function isDuplicateRoute(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_DUPLICATED_ROUTE';
}
