/** Counts what happened in the last `seconds` whole seconds, in constant memory. */
export class SlidingCount {
  private readonly counts: number[];
  private readonly countedAtS: number[];

  constructor(private readonly seconds: number) {
    this.counts = new Array<number>(seconds).fill(0);
    this.countedAtS = new Array<number>(seconds).fill(Number.NEGATIVE_INFINITY);
  }

  add(atMs: number): void {
    const second = Math.floor(atMs / 1000);
    const slot = second % this.seconds;
    if (this.countedAtS[slot] !== second) {
      this.countedAtS[slot] = second;
      this.counts[slot] = 0;
    }
    this.counts[slot] = (this.counts[slot] ?? 0) + 1;
  }

  total(nowMs: number): number {
    const now = Math.floor(nowMs / 1000);
    return this.counts.reduce((sum, count, slot) => {
      const age = now - (this.countedAtS[slot] ?? Number.NEGATIVE_INFINITY);
      return age >= 0 && age < this.seconds ? sum + count : sum;
    }, 0);
  }
}
