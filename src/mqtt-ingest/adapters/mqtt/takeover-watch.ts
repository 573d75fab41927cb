const SHORT_MS = 5_000;

/**
 * Tells a network that fails from another client with our id, which the broker lets in by throwing us out: connections
 * that end within 5 s of their CONNACK, several in a row with no failed attempt between them. A broker that restarts, or
 * is out of reach, fails an attempt sooner or later, and the count begins anew.
 */
export class TakeoverWatch {
  private connectedAtMs: number | null = null;
  private losses = 0;

  /** @param nowMs a clock that never steps */
  connected(nowMs: number): void {
    this.connectedAtMs = nowMs;
  }

  /**
   * An attempt failed or a connection ended.
   * @param suspicious losses in a row
   * @returns whether somebody else seems to use our client id
   */
  closed(nowMs: number, suspicious: number): boolean {
    const short = this.connectedAtMs !== null && nowMs - this.connectedAtMs < SHORT_MS;
    this.connectedAtMs = null;
    this.losses = short ? this.losses + 1 : 0;
    return this.losses >= suspicious;
  }

  /** The connection ends by our own will. */
  reset(): void {
    this.connectedAtMs = null;
    this.losses = 0;
  }
}
