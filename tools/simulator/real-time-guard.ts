type Timer = 'setTimeout' | 'setInterval' | 'setImmediate';
const TIMERS: readonly Timer[] = ['setTimeout', 'setInterval', 'setImmediate'];

/**
 * While it watches, whoever asks the real world for timers, the date or chance is noted: a simulation that depends on
 * them cannot be repeated. `performance.now` tells the virtual time. Only the simulation itself gives the event loop its
 * turns, with `turn`.
 */
export class RealTimeGuard {
  /** milliseconds of the simulated world */
  nowMs: () => number = () => 0;
  private readonly real = {
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    setImmediate: globalThis.setImmediate,
    Date: globalThis.Date,
    random: Math.random,
    performance: globalThis.performance,
  };
  private caught: Error | null = null;

  /** Lets everything run that waits for a promise; only settled promises and their followers, for there are no timers. */
  readonly turn = (): Promise<void> => new Promise((resolve) => this.real.setImmediate(resolve));

  watch(): void {
    for (const name of TIMERS) globalThis[name] = this.noted(name, this.real[name]);
    Math.random = this.noted('Math.random', this.real.random);
    globalThis.performance = this.virtualPerformance();
    globalThis.Date = this.watchedDate();
  }

  unwatch(): void {
    for (const name of TIMERS) globalThis[name] = this.real[name] as never;
    Math.random = this.real.random;
    globalThis.performance = this.real.performance;
    globalThis.Date = this.real.Date;
  }

  /** Runs something that may use the real world, such as the start of a container. */
  async pause<T>(action: () => Promise<T>): Promise<T> {
    this.unwatch();
    try {
      return await action();
    } finally {
      this.watch();
    }
  }

  /** @throws who used the real world, with the stack */
  check(): void {
    if (this.caught) throw this.caught;
  }

  private note(name: string): void {
    // What a sampler tells a minute later is logged, and nothing else follows from it.
    if (new Error().stack?.includes('/kernel/log-sampler')) return;
    this.caught ??= new Error(`${name} was used in the simulation`);
  }

  private noted(name: string, real: unknown): never {
    const call = real as (...args: readonly unknown[]) => unknown;
    return ((...args: readonly unknown[]) => {
      this.note(name);
      return call(...args);
    }) as never;
  }

  private virtualPerformance(): typeof performance {
    const now = () => this.nowMs();
    return new Proxy(this.real.performance, {
      get: (target, property) => (property === 'now' ? now : Reflect.get(target, property, target)),
    });
  }

  private watchedDate(): DateConstructor {
    const now = this.noted('Date.now', this.real.Date.now);
    return new Proxy(this.real.Date, {
      construct: (target, args) => {
        if (args.length === 0) this.note('The date of today');
        return new target(...(args as []));
      },
      get: (target, property, receiver) => (property === 'now' ? now : Reflect.get(target, property, receiver)),
    });
  }
}
