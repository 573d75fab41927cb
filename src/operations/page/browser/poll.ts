/** The host was asked for its facts: it gave them, refused, or did not answer. */
export type Answer<Facts> =
  | { readonly kind: 'facts'; readonly facts: Facts; readonly atMs: number }
  | { readonly kind: 'refused'; readonly status: number; readonly sinceMs: number | null }
  | { readonly kind: 'silent'; readonly sinceMs: number | null };

/** What the asking needs of the page. */
export interface PollPort<Facts> {
  /** @throws RefusedError for another status, anything else when nothing came */
  ask(signal: AbortSignal): Promise<Facts>;
  tell(answer: Answer<Facts>): void;
  nowMs(): number;
  isVisible(): boolean;
}

/** The host answered, and not with facts. */
export class RefusedError extends Error {
  constructor(readonly status: number) {
    super(`The host answered ${status}`);
  }
}

const PERIOD_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
/** An answer may take so long on a bad line. */
const TIMEOUT_MS = 5_000;
/** Then the page says that nothing comes, though it still waits. */
const SILENCE_MS = 1_900;

/**
 * Asks once a second while the page is visible, one question at a time. After failures the pauses grow to five seconds.
 * Silence is told within two seconds of the last answer, even while a question is still open.
 */
export class Poll<Facts> {
  #lastMs: number | null = null;
  #failures = 0;
  #isAsking = false;
  #next: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly port: PollPort<Facts>) {}

  /** Asks now, unless a question is open or nobody looks. Also to be called when the page becomes visible. */
  wake(): void {
    clearTimeout(this.#next);
    if (this.port.isVisible()) void this.#ask();
    else clearTimeout(this.#silence);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#expect();
    try {
      const facts = await this.port.ask(AbortSignal.timeout(TIMEOUT_MS));
      this.#lastMs = this.port.nowMs();
      this.#failures = 0;
      clearTimeout(this.#silence);
      this.port.tell({ kind: 'facts', facts, atMs: this.#lastMs });
    } catch (error) {
      this.#failed(error);
    }
    this.#isAsking = false;
    this.#plan();
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    clearTimeout(this.#silence);
    const sinceMs = this.#lastMs;
    if (!this.port.isVisible()) return;
    this.port.tell(
      error instanceof RefusedError ? { kind: 'refused', status: error.status, sinceMs } : { kind: 'silent', sinceMs },
    );
  }

  /** The silence is told when no answer came by then. */
  #expect(): void {
    clearTimeout(this.#silence);
    const sinceMs = this.#lastMs;
    const waitMs = sinceMs === null ? SILENCE_MS : Math.max(0, sinceMs + SILENCE_MS - this.port.nowMs());
    this.#silence = setTimeout(() => this.port.tell({ kind: 'silent', sinceMs }), Math.max(waitMs, SILENCE_MS / 2));
  }

  #plan(): void {
    if (!this.port.isVisible()) return;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, PERIOD_MS * Math.max(1, this.#failures));
    this.#next = setTimeout(() => this.wake(), pauseMs);
  }
}
