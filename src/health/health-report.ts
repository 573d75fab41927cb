import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock.js';
import { type HealthOptions, type ResolvedHealthOptions, resolveHealthOptions } from './health.options.js';
import { HEALTH_OPTIONS } from './health.tokens.js';

/** What `GET /health` answers. `"ok":true` is a literal that deploy scripts search for. */
export interface Liveness {
  readonly ok: true;
  readonly service: string;
  readonly commit: string;
  /** whole seconds since the process started */
  readonly uptime_s: number;
  /** ISO 8601, UTC */
  readonly timestamp: string;
}

/** Facts about this process, from memory only: never asks the database, the broker or the provider. */
@Injectable()
export class HealthReport {
  private readonly options: ResolvedHealthOptions;

  constructor(
    @Inject(HEALTH_OPTIONS) options: HealthOptions,
    private readonly clock: Clock,
  ) {
    this.options = resolveHealthOptions(options);
  }

  liveness(): Liveness {
    return {
      ok: true,
      service: this.options.service,
      uptime_s: Math.floor(process.uptime()),
      timestamp: new Date(this.clock.nowMs()).toISOString(),
      commit: this.options.commit,
    };
  }
}
