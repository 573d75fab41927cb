import type { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';

/** Counts frames that were sent while somebody was connected, by type and together. */
export class FrameCounts {
  private readonly byType = new Map<string, { inc(): void }>();
  total = 0;

  constructor(private readonly metrics: Pick<LiveScoreMetrics, 'framesSent'>) {}

  count(type: string): void {
    this.total += 1;
    let counter = this.byType.get(type);
    if (!counter) {
      counter = this.metrics.framesSent.labels(type);
      this.byType.set(type, counter);
    }
    counter.inc();
  }
}
