import type { Page } from '../../src/client/index.js';

/** A page that is hidden, shown and put online by a test. */
export class FakePage implements Page {
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly document = { hidden: false, ...this.#methods() };
  readonly addEventListener = this.document.addEventListener;
  readonly removeEventListener = this.document.removeEventListener;

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, all) => sum + all.size, 0);
  }

  fire(event: 'visibilitychange' | 'online' | 'pageshow'): void {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }

  setHidden(isHidden: boolean): void {
    this.document.hidden = isHidden;
    this.fire('visibilitychange');
  }

  #methods() {
    return {
      addEventListener: (event: string, listener: () => void): void => {
        this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
      },
      removeEventListener: (event: string, listener: () => void): void => {
        this.#listeners.get(event)?.delete(listener);
      },
    };
  }
}
