/** The part of the host's cache-manager (v6 or v7) that this package uses. */
export interface CacheStore {
  /** @returns undefined on a miss */
  get<T>(key: string): Promise<T | undefined>;
  set<T>(key: string, value: T, ttlMs: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
  disconnect?(): Promise<unknown>;
  /** Keyv instances behind the cache: they report a failed command by their `error` event only. */
  readonly stores?: readonly ErrorEmitter[];
}

export interface ErrorEmitter {
  on?(event: 'error', listener: (error: unknown) => void): unknown;
  off?(event: 'error', listener: (error: unknown) => void): unknown;
}
