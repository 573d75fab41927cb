import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import { Readiness, type ReadinessReport } from './readiness.js';

/** What Express and Fastify responses have in common here. */
interface StatusResponse {
  status(code: number): unknown;
}

/** Readiness: 200, or 503 while this process cannot serve; under the host's global prefix if it has one. */
@Controller()
export class ReadinessController {
  constructor(private readonly readiness: Readiness) {}

  @Get(['ready', 'health/ready'])
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) response: StatusResponse): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    if (!report.ok) response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return report;
  }
}
