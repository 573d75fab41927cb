const MAX_VALUES = 64;

/** Every value something has had lately, and when it left it. */
export class ValueHistory {
  /** null: the present one */
  private readonly leftAtMs = new Map<string, number | null>();
  private present: string | null = null;

  say(value: string, atMs: number): void {
    if (value === this.present) return;
    if (this.present !== null) this.leftAtMs.set(this.present, atMs);
    this.leftAtMs.delete(value);
    this.leftAtMs.set(value, null);
    this.present = value;
    if (this.leftAtMs.size <= MAX_VALUES) return;
    const [oldest] = this.leftAtMs.keys();
    if (oldest !== undefined) this.leftAtMs.delete(oldest);
  }

  /** How long ago the value was left, ms: 0 for the present one, null for one that was never said. */
  latenessMs(value: string, nowMs: number): number | null {
    const leftAtMs = this.leftAtMs.get(value);
    if (leftAtMs === undefined) return null;
    return leftAtMs === null ? 0 : Math.max(0, nowMs - leftAtMs);
  }
}
