import { within } from './deadline.js';
import type { SampledWarning } from './sampled-warning.js';
import type { Cancel, Scheduler } from './scheduler.js';

export interface Polling {
  readonly everyMs: number;
  /** one turn */
  readonly turn: () => Promise<void> | void;
  /** told of turns that fail */
  readonly warning: Pick<SampledWarning, 'warn'>;
  /** logged with a failure */
  readonly facts?: () => Readonly<Record<string, unknown>>;
}

/**
 * Runs turns, one after the other.
 *
 * *resting* → `start` → *started*: a turn every `everyMs`, but none while one is under way → `stop` → *resting*; both happen
 * once however often they are asked for. `run` has its turn at any time, started or not. A turn that fails is warned of in samples, and the
 * next one comes as if it had not.
 */
export class Poller {
  private cancel: Cancel | null = null;
  private current: Promise<void> | null = null;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly polling: Polling,
  ) {}

  get started(): boolean {
    return this.cancel !== null;
  }

  /** The end of the turn under way; at once when there is none. */
  get underWay(): Promise<void> {
    return this.current ?? Promise.resolve();
  }

  start(): void {
    this.cancel ??= this.scheduler.every(this.polling.everyMs, () => void this.run());
  }

  /** A turn at once, or the one under way while there is one. Never rejects. */
  run(): Promise<void> {
    this.current ??= this.turn().finally(() => {
      this.current = null;
    });
    return this.current;
  }

  /** No further turn; resolves at the end of the one under way, or after `waitMs`. */
  async stop(waitMs = 0): Promise<void> {
    this.cancel?.();
    this.cancel = null;
    if (this.current && waitMs > 0) await within(this.current, waitMs, this.scheduler);
  }

  private async turn(): Promise<void> {
    try {
      await this.polling.turn();
    } catch (error) {
      this.polling.warning.warn({ ...this.polling.facts?.(), error: String(error) });
    }
  }
}
