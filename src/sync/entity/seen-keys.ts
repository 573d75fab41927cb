/** More than the provider has of anything: beyond that a run says nothing about what is missing. */
const MOST_KEYS = 1_000_000;

/** The ids that a full run has met, and whether its list moved while it was read. */
export class SeenKeys {
  private readonly keys = new Map<string, number>();
  private pass = 1;
  private freshInPass = 0;
  private twice = false;

  /** Not all of them are here: nothing can be said about what is missing. */
  isComplete = true;

  get size(): number {
    return this.keys.size;
  }

  /** The same id stood on two pages of one pass: rows moved between pages, so that others may have been passed by. */
  get hasShifted(): boolean {
    return this.twice;
  }

  /** ids that no pass before had met */
  get fresh(): number {
    return this.freshInPass;
  }

  has(id: string): boolean {
    return this.keys.has(id);
  }

  add(ids: Iterable<string>): void {
    for (const id of ids) {
      const met = this.keys.get(id);
      if (met === undefined) this.freshInPass += 1;
      if (met === this.pass) this.twice = true;
      if (met === undefined && this.keys.size >= MOST_KEYS) this.isComplete = false;
      else this.keys.set(id, this.pass);
    }
  }

  /** The list is read once more. */
  nextPass(): void {
    this.pass += 1;
    this.freshInPass = 0;
    this.twice = false;
  }
}
