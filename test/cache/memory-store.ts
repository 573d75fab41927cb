import type { CacheStore } from '../../src/cache/ports/cache-store.js';

type Call = 'get' | 'set' | 'del';

/** A cache in memory whose calls can be made to wait, fail or hang. */
export class MemoryStore implements CacheStore {
  readonly values = new Map<string, unknown>();
  readonly ttls = new Map<string, number>();
  readonly calls: string[] = [];
  /** awaited before each call takes effect */
  before: (call: Call, key: string) => Promise<void> = async () => undefined;

  async get<T>(key: string): Promise<T | undefined> {
    await this.enter('get', key);
    return this.values.get(key) as T | undefined;
  }

  async set<T>(key: string, value: T, ttlMs: number): Promise<void> {
    await this.enter('set', key);
    this.values.set(key, value);
    this.ttls.set(key, ttlMs);
  }

  async del(key: string): Promise<void> {
    await this.enter('del', key);
    this.values.delete(key);
  }

  hang(): void {
    this.before = () => new Promise(() => undefined);
  }

  fail(): void {
    this.before = () => Promise.reject(new Error('cache is down'));
  }

  heal(): void {
    this.before = async () => undefined;
  }

  private async enter(call: Call, key: string): Promise<void> {
    this.calls.push(`${call} ${key}`);
    await this.before(call, key);
  }
}
