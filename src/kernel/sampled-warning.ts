import type { Logger } from '@nestjs/common';
import { logFields } from './log-fields.js';
import { LogSampler } from './log-sampler.js';

/** A warning that may have a thousand causes a second: the first is logged, then at most one per interval. */
export class SampledWarning {
  private readonly sampler: LogSampler;

  constructor(
    private readonly logger: Logger,
    private readonly message: string,
    intervalMs = 60_000,
  ) {
    this.sampler = new LogSampler(intervalMs);
  }

  /** @param data logged with `suppressed`, the number of warnings swallowed since the last one */
  warn(data: Readonly<Record<string, unknown>> = {}): void {
    const suppressed = this.sampler.admit(this.message, performance.now());
    if (suppressed !== null) this.logger.warn(this.message, { ...logFields(data), suppressed });
  }
}
