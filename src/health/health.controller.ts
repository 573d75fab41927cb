import { Controller, Get, Header } from '@nestjs/common';
import { HealthReport, type Liveness } from './health-report.js';

/** Liveness: always 200 while the process runs, under the host's global prefix if it has one. */
@Controller('health')
export class HealthController {
  constructor(private readonly report: HealthReport) {}

  @Get()
  @Header('cache-control', 'no-store')
  health(): Liveness {
    return this.report.liveness();
  }
}
