import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { until } from '../kernel/deadline.js';
import { Scheduler } from '../kernel/scheduler.js';
import { BatchFlusher } from './batch-flusher.js';
import { Mailboxes } from './mailboxes.js';
import { RowLoader } from './row-loader.js';

const DRAIN_MS = 4_000;
const LOOK_EVERY_MS = 10;

/** The end of the writer: what was accepted is written first, for 4 s at most, and what comes meanwhile too; what is left is said. */
@Injectable()
export class WriterDrain implements BeforeApplicationShutdown {
  private readonly logger = new Logger(WriterDrain.name);
  private draining: Promise<void> | null = null;

  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly loader: RowLoader,
    private readonly flusher: BatchFlusher,
    private readonly scheduler: Scheduler,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.draining ??= this.drain();
    await this.draining;
  }

  private async drain(): Promise<void> {
    const looks = { everyMs: LOOK_EVERY_MS, waitMs: DRAIN_MS };
    await until(() => this.mailboxes.busyCount() === 0, looks, this.scheduler);
    const left = this.mailboxes.busyCount();
    if (left > 0) this.logger.error('Stopped with unwritten changes', { matches: left });
    this.loader.stop();
    this.flusher.stop();
  }
}
