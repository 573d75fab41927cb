export type Admission = 'closed' | 'probe' | 'refused';

export interface CircuitBreakerOptions {
  /** how long it stays open, ms */
  readonly retryAfterMs: number;
  /** failures in a row that open it. @default 1 */
  readonly failures?: number;
  /** @default a clock that never steps */
  readonly nowMs?: () => number;
}

/**
 * Spares callers the wait for something that is away.
 *
 * *closed*: everybody may try. As many failures in a row as allowed open it for `retryAfterMs`: everybody is refused.
 * After that one caller is let through as *probe*, the others are still refused; its success closes the breaker, its
 * failure opens it again.
 */
export class CircuitBreaker {
  private readonly retryAfterMs: number;
  private readonly failuresToOpen: number;
  private readonly nowMs: () => number;
  private failures = 0;
  private openedAtMs: number | undefined;
  private probing = false;

  constructor({ retryAfterMs, failures = 1, nowMs = () => performance.now() }: CircuitBreakerOptions) {
    this.retryAfterMs = retryAfterMs;
    this.failuresToOpen = failures;
    this.nowMs = nowMs;
  }

  get state(): 'closed' | 'open' | 'probing' {
    if (this.openedAtMs === undefined) return 'closed';
    return this.probing ? 'probing' : 'open';
  }

  /** True when a caller would be refused now. */
  get refuses(): boolean {
    return this.openedAtMs !== undefined && (this.probing || this.remainingMs > 0);
  }

  /** ms until the next probe; 0 when nobody has to wait for time. A clock set back opens it at once, not for ever. */
  get remainingMs(): number {
    if (this.openedAtMs === undefined) return 0;
    const passedMs = this.nowMs() - this.openedAtMs;
    return passedMs < 0 ? 0 : Math.max(0, this.retryAfterMs - passedMs);
  }

  /** Whoever is not refused must report back by `succeeded`, `failed` or `abandoned`. */
  admit(): Admission {
    if (this.openedAtMs === undefined) return 'closed';
    if (this.refuses) return 'refused';
    this.probing = true;
    return 'probe';
  }

  /** Only the probe closes the breaker: others may have started before the failure. */
  succeeded(admission: Admission): void {
    if (this.openedAtMs !== undefined && admission !== 'probe') return;
    this.probing = false;
    this.failures = 0;
    this.openedAtMs = undefined;
  }

  failed(admission: Admission): void {
    if (admission === 'probe') this.probing = false;
    this.failures += 1;
    if (this.openedAtMs !== undefined || this.failures >= this.failuresToOpen) this.openedAtMs = this.nowMs();
  }

  /** Nothing was learned: the next caller may be the probe. */
  abandoned(admission: Admission): void {
    if (admission === 'probe') this.probing = false;
  }
}
