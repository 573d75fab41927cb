import type { Logger } from '@nestjs/common';

/** A warning that may have a thousand causes a second: the first is logged, then at most one per interval. */
export class SampledWarning {
  private quietUntilMs = Number.NEGATIVE_INFINITY;
  private suppressed = 0;

  constructor(
    private readonly logger: Logger,
    private readonly message: string,
    private readonly intervalMs = 60_000,
  ) {}

  /** @param data logged with `suppressed`, the number of warnings swallowed since the last one */
  warn(data: Readonly<Record<string, unknown>> = {}): void {
    const now = performance.now();
    if (now < this.quietUntilMs) {
      this.suppressed += 1;
      return;
    }
    this.logger.warn(this.message, { ...data, suppressed: this.suppressed });
    this.quietUntilMs = now + this.intervalMs;
    this.suppressed = 0;
  }
}
