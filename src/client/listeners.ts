/** Listeners keep who wants to hear what. One that throws harms nobody else: its error is thrown again on its own. */
export class Listeners<Payloads extends object> {
  readonly #byKey = new Map<keyof Payloads, Set<(payload: never) => void>>();
  /** While set, nobody is told anything. */
  isMuted = true;

  /** @returns what ends it */
  add<Key extends keyof Payloads>(key: Key, listener: (payload: Payloads[Key]) => void): () => void {
    const own = (payload: Payloads[Key]) => listener(payload);
    const all = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, all.add(own));
    return () => {
      if (all.delete(own) && all.size === 0) this.#byKey.delete(key);
    };
  }

  tell<Key extends keyof Payloads>(key: Key, payload: Payloads[Key]): void {
    const all = this.#byKey.get(key) ?? [];
    for (const listener of [...all] as ((payload: Payloads[Key]) => void)[]) {
      try {
        if (!this.isMuted) listener(payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
