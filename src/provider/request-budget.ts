import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import { ResolvedProviderOptions } from './provider.options.js';

/** `live` goes first; of five turns one is for `lists` when one waits, so that they never starve. */
export type Priority = 'live' | 'lists';
/** `full`: too many wait; `late`: no turn within `maxWaitMs`; `aborted`: by the signal, or the module is destroyed */
export type Turn = 'granted' | 'full' | 'late' | 'aborted';

interface Waiting {
  readonly answer: (turn: Turn) => void;
}

const MOST_WAITING = 100;
const LIVE_TURNS_IN_A_ROW = 4;

/**
 * Token bucket that every request of the process goes through. It counts by timers and never looks at a clock, so a
 * clock that is set neither stalls it nor fills it; a late timer makes it slower, never faster.
 */
@Injectable()
export class RequestBudget implements OnModuleDestroy {
  private tokens: number;
  private readonly queues: Readonly<Record<Priority, Set<Waiting>>> = { live: new Set(), lists: new Set() };
  private liveInARow = 0;
  private readonly refilling: Timer;
  private destroyed = false;

  constructor(
    private readonly scheduler: Scheduler,
    @Inject(ResolvedProviderOptions)
    private readonly options: Pick<ResolvedProviderOptions, 'requestsPerSecond' | 'burst' | 'maxWaitMs'>,
  ) {
    this.tokens = options.burst;
    this.refilling = new Timer(scheduler);
  }

  /** Waits for the right to send one request. Never rejects. */
  turn(priority: Priority, signal?: AbortSignal): Promise<Turn> {
    if (signal?.aborted || this.destroyed) return Promise.resolve('aborted');
    const queue = this.queues[priority];
    if (queue.size >= MOST_WAITING) return Promise.resolve('full');
    return new Promise((resolve) => {
      const answer = (turn: Turn) => {
        queue.delete(waiting);
        cancel();
        signal?.removeEventListener('abort', abort);
        resolve(turn);
      };
      const waiting: Waiting = { answer };
      const abort = () => answer('aborted');
      const cancel = this.scheduler.after(this.options.maxWaitMs, () => answer('late'));
      signal?.addEventListener('abort', abort);
      queue.add(waiting);
      this.grant();
    });
  }

  onModuleDestroy(): void {
    this.destroyed = true;
    this.refilling.stop();
    for (const queue of Object.values(this.queues)) for (const waiting of [...queue]) waiting.answer('aborted');
  }

  private grant(): void {
    for (let next = this.next(); next && this.tokens > 0; next = this.next()) {
      this.tokens -= 1;
      this.liveInARow = this.queues.live.has(next) ? this.liveInARow + 1 : 0;
      next.answer('granted');
    }
    if (this.tokens < this.options.burst && !this.refilling.isSet) this.refill();
  }

  private next(): Waiting | undefined {
    const [[live], [list]] = [this.queues.live, this.queues.lists];
    return list && (!live || this.liveInARow >= LIVE_TURNS_IN_A_ROW) ? list : live;
  }

  private refill(): void {
    this.refilling.set(1_000 / this.options.requestsPerSecond, () => {
      this.tokens += 1;
      this.grant();
    });
  }
}
