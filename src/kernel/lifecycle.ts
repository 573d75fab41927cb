import type { Cancel } from './scheduler.js';

/** What a service has to let go of: a timer, a subscription, a listener. */
export type Owned = Cancel | { unsubscribe(): void };

/**
 * Start and stop of a service, and what it owns in between.
 *
 * *new* → `start` → *started* → `stop` → *stopped*, for good. Each step happens once, however often it is asked for; `stop`
 * is safe when `start` never ran, and then nothing starts any more. What is owned is released at the stop, the newest first;
 * what comes too late to be owned is released at once.
 */
export class Lifecycle {
  private state: 'new' | 'started' | 'stopped' = 'new';
  private readonly stopping = new AbortController();
  private readonly owned: Owned[] = [];

  get started(): boolean {
    return this.state === 'started';
  }

  get stopped(): boolean {
    return this.state === 'stopped';
  }

  /** Aborted at the stop. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** @param begin starts the service and hands over what it owns from then on */
  start(begin: () => Owned | readonly Owned[]): void {
    if (this.state !== 'new') return;
    this.state = 'started';
    for (const owned of [begin()].flat()) this.own(owned);
  }

  /** Owns one more thing, until the stop. */
  own(owned: Owned): void {
    if (this.stopped) release(owned);
    else this.owned.push(owned);
  }

  stop(): void {
    if (this.stopped) return;
    this.state = 'stopped';
    this.stopping.abort();
    for (let owned = this.owned.pop(); owned; owned = this.owned.pop()) release(owned);
  }
}

function release(owned: Owned): void {
  if (typeof owned === 'function') owned();
  else owned.unsubscribe();
}
