import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, HttpException, Logger, ServiceUnavailableException } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** The page loads three files of its own and nothing else; its icon is empty. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** What a client gets for the headers of a request, and for the whole of it. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const FAULT_LOG_PERIOD_MS = 60_000;

/** HTTP as a host that strangers reach should have it: no name of the framework, headers for the page, an end for slow requests. */
export function careful(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.use((_request: IncomingMessage, response: ServerResponse, next: () => void) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    next();
  });
  app.useGlobalFilters(new QuietFilter(app.getHttpAdapter()));
  const server: Server = app.getHttpServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
}

/**
 * Nest logs the stack of whatever a route throws, at every request: who asks would choose how much is logged. Here it is
 * one line a minute, with a count.
 */
@Catch()
class QuietFilter extends BaseExceptionFilter {
  private readonly faults = new Logger('Http');
  private nextAtMs = 0;
  private untold = 0;

  override catch(exception: unknown, host: ArgumentsHost): void {
    if (exception instanceof HttpException || this.isHttpError(exception)) {
      super.catch(exception, host);
      return;
    }
    this.report(exception);
    super.catch(new ServiceUnavailableException('The host could not answer'), host);
  }

  private report(exception: unknown): void {
    this.untold += 1;
    const nowMs = performance.now();
    if (nowMs < this.nextAtMs) return;
    const reason = exception instanceof Error ? exception.message : String(exception);
    this.faults.error('A request could not be answered', { reason, times: this.untold });
    this.nextAtMs = nowMs + FAULT_LOG_PERIOD_MS;
    this.untold = 0;
  }
}
