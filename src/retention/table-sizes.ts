import { Injectable } from '@nestjs/common';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { RetentionStore, type TableSize } from './ports/retention-store.js';

/** How much the tables of the package hold, as of the last turn, and what went from them: for the metrics. */
@Injectable()
export class TableSizes {
  private sizes: readonly TableSize[] = [];

  constructor(
    private readonly store: RetentionStore,
    private readonly metrics: LiveScoreMetrics,
  ) {}

  /** As of the last turn; empty before the first one, and where another process deletes. */
  get last(): readonly TableSize[] {
    return this.sizes;
  }

  async measure(): Promise<void> {
    const sizes = await this.store.sizes();
    this.forget();
    this.sizes = sizes;
    for (const { table, rows, bytes, oldestS } of sizes) {
      this.metrics.tableBytes.set({ table }, bytes);
      if (rows !== null) this.metrics.tableRows.set({ table }, rows);
      if (oldestS !== null) this.metrics.tableOldest.set({ table }, oldestS);
    }
  }

  /** What another process measures now is not told here any more. */
  forget(): void {
    this.sizes = [];
    for (const gauge of [this.metrics.tableBytes, this.metrics.tableRows, this.metrics.tableOldest]) gauge.reset();
  }

  /** @param failed kinds that could not be deleted */
  deleted(rows: Readonly<Record<string, number>>, failed: readonly string[]): void {
    for (const [table, count] of Object.entries(rows)) this.metrics.retentionDeleted.inc({ table }, count);
    for (const kind of failed) this.metrics.retentionFailures.inc({ kind });
  }
}
