import { Injectable } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ResolvedMinuteOptions } from './minute.options.js';
import { MinuteStore } from './ports/minute-store.js';

/** A hold lasts for so many ticks, and no shorter than the next figure: it ends by itself when its process dies. */
const TICKS = 3;
const LEAST_MS = 30_000;

/**
 * Keeps other programs from the minute of the matches whose minute is written here. Who has lost the lease has lost the hold with
 * it, and says nothing: the hold is somebody else's by then.
 */
@Injectable()
export class MinuteHold {
  private readonly lastsMs: number;
  private held: string | null = null;
  private renewAtMs = 0;

  constructor(
    options: ResolvedMinuteOptions,
    private readonly store: MinuteStore,
    private readonly right: WriteFence,
    private readonly scheduler: Scheduler,
  ) {
    this.lastsMs = Math.max(LEAST_MS, TICKS * options.tickMs);
  }

  /** These and no others, from now on. Asks the database only when they changed, or half of the time has passed. */
  async keep(matchIds: readonly string[]): Promise<void> {
    if (!this.right.granted) {
      this.held = null;
      return;
    }
    const ids = [...matchIds].sort();
    const wanted = JSON.stringify(ids);
    if (wanted === (this.held ?? '[]') && (ids.length === 0 || this.scheduler.monotonicMs() < this.renewAtMs)) return;
    await this.store.hold(ids, this.lastsMs, this.right.fence);
    this.held = wanted;
    this.renewAtMs = this.scheduler.monotonicMs() + this.lastsMs / 2;
  }

  /** The minutes are somebody else's to write from now on. */
  release(): Promise<void> {
    return this.keep([]);
  }
}
