import { Controller, Get, Header } from '@nestjs/common';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';

/** The package's metrics in Prometheus text format; the host's default registry is not in it. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: LiveScoreMetrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  text(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
