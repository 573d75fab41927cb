export type Admission = 'closed' | 'probe' | 'refused';

/**
 * Spares callers the wait for something that is away.
 *
 * *closed*: everybody may try. A failure opens it for `retryAfterMs`: everybody is refused. After that one caller is let
 * through as *probe*, the others are still refused; its success closes the breaker, its failure opens it again.
 */
export class CircuitBreaker {
  private openUntilMs: number | undefined;
  private probing = false;

  constructor(
    private readonly retryAfterMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** True when a caller would be refused now. */
  get refuses(): boolean {
    return this.openUntilMs !== undefined && (this.probing || this.nowMs() < this.openUntilMs);
  }

  /** Whoever is not refused must report back by `succeeded` or `failed`. */
  admit(): Admission {
    if (this.openUntilMs === undefined) return 'closed';
    if (this.refuses) return 'refused';
    this.probing = true;
    return 'probe';
  }

  /** Only the probe closes the breaker: others may have started before the failure. */
  succeeded(admission: Admission): void {
    if (admission !== 'probe') return;
    this.probing = false;
    this.openUntilMs = undefined;
  }

  failed(admission: Admission): void {
    if (admission === 'probe') this.probing = false;
    this.openUntilMs = this.nowMs() + this.retryAfterMs;
  }
}
