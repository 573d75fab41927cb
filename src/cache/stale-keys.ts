const MAX_KEYS = 10_000;

/** A key and when it became stale. */
export type StaleKey = readonly [key: string, since: number];

/**
 * Keys whose cached value may be old, because a deletion or write did not get through. Readers pass them by until they
 * are deleted. Above 10,000 keys all are forgotten and every key is distrusted for the longest time a value can live.
 */
export class StaleKeys {
  private readonly keys = new Map<string, number>();
  private changes = 0;
  private everyKeyUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly longestTtlMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  get size(): number {
    return this.keys.size;
  }

  add(keys: Iterable<string>): void {
    this.changes += 1;
    for (const key of keys) this.keys.set(key, this.changes);
    if (this.keys.size <= MAX_KEYS) return;
    this.keys.clear();
    this.everyKeyUntilMs = this.nowMs() + this.longestTtlMs;
  }

  has(key: string): boolean {
    return this.keys.has(key) || this.nowMs() < this.everyKeyUntilMs;
  }

  /** Some of the keys, at most `limit`. */
  take(limit: number): readonly StaleKey[] {
    return [...this.keys].slice(0, limit);
  }

  /** These keys were deleted from the cache; those distrusted anew in the meantime stay. */
  forget(deleted: readonly StaleKey[]): void {
    for (const [key, since] of deleted) if (this.keys.get(key) === since) this.keys.delete(key);
  }
}
