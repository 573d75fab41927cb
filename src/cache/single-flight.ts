import { Injectable } from '@nestjs/common';

/** Readers who come this long after a fill began start one of their own: its loader may hang. */
const JOINABLE_MS = 5_000;

/** One load of a value for a key, and the store of it. */
export class Fill {
  /** True once the key was invalidated: what was loaded may be old and must not be stored. */
  isStale = false;
  storing: Promise<unknown> | undefined;
  value: Promise<unknown> | undefined;
  readonly startedAtMs = performance.now();

  /** Stores the loaded value in the background; `store` never rejects. */
  keep(store: () => Promise<unknown>): void {
    this.storing = store();
  }
}

/** Fills under way, at most one per key: readers of the same key share it until it is stored or invalidated. */
@Injectable()
export class SingleFlight {
  private readonly fills = new Map<string, Fill>();

  get areNone(): boolean {
    return this.fills.size === 0;
  }

  /** Joins the fill of this key, or starts one. */
  share<T>(key: string, load: (fill: Fill) => Promise<T>): Promise<T> {
    const running = this.fills.get(key);
    if (running?.value && performance.now() - running.startedAtMs < JOINABLE_MS) return running.value as Promise<T>;
    // out of reach of invalidations from here on
    if (running) running.isStale = true;
    const fill = new Fill();
    this.fills.set(key, fill);
    const value = this.run(key, fill, load);
    fill.value = value;
    return value;
  }

  /**
   * From now on no fill that is under way is joined or stored.
   * @returns the stores that had begun already: delete the keys after them
   */
  invalidate(keys: Iterable<string>): Promise<unknown>[] {
    const storing: Promise<unknown>[] = [];
    if (this.fills.size === 0) return storing;
    for (const key of keys) {
      const fill = this.fills.get(key);
      if (!fill) continue;
      fill.isStale = true;
      this.fills.delete(key);
      if (fill.storing) storing.push(fill.storing);
    }
    return storing;
  }

  private async run<T>(key: string, fill: Fill, load: (fill: Fill) => Promise<T>): Promise<T> {
    const finish = () => {
      if (this.fills.get(key) === fill) this.fills.delete(key);
    };
    try {
      return await load(fill);
    } finally {
      if (fill.storing) void fill.storing.then(finish, finish);
      else finish();
    }
  }
}
