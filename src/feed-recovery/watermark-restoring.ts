import type { JournalWatermark } from './ports/journal-watermark.js';
import type { Watermark } from './watermark.js';

/** Brings what the process before this one had committed from the journal into the watermark. */
export class WatermarkRestoring {
  /** @param beforeMs whose commits before that time are not known yet, our clock, unix ms; null when they are, or are asked for */
  constructor(
    private readonly journal: JournalWatermark,
    private readonly watermark: Watermark,
    private beforeMs: number | null,
  ) {}

  /** Another process wrote until then. */
  due(beforeMs: number): void {
    this.beforeMs = beforeMs;
  }

  /** Asks, if anything is unknown; what the journal does not answer is asked again by the next call. */
  ask(): void {
    const { beforeMs } = this;
    if (beforeMs === null) return;
    this.beforeMs = null;
    this.journal.newestReceivedAtMs(beforeMs).then(
      (atMs) => atMs !== null && this.watermark.withoutHoleUntil(atMs),
      () => {
        this.beforeMs ??= beforeMs;
      },
    );
  }
}
