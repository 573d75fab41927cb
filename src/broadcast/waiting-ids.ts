/** Of one statement. */
const MOST_IDS = 500;
/** Ids that wait for one of the next statements; those beyond are not answered. */
const MOST_WAITING = 20_000;
/** Who asks for no more is not kept waiting by those who ask for many. */
const FEW = 10;

/** The ids of matches that wait to be read: those of who asked for a few, then those whose row changed, then the long lists. */
export class WaitingIds {
  private readonly few = new Set<string>();
  private readonly stale = new Set<string>();
  private readonly many = new Set<string>();

  /** Somebody waits for one of them. */
  get areWanted(): boolean {
    return this.few.size + this.many.size > 0;
  }

  get areNone(): boolean {
    return !this.areWanted && this.stale.size === 0;
  }

  has(id: string): boolean {
    return this.few.has(id) || this.stale.has(id) || this.many.has(id);
  }

  /** @returns false when there is no room for so many */
  want(ids: readonly string[]): boolean {
    const waiting = ids.length <= FEW ? this.few : this.many;
    if (waiting.size + ids.length > MOST_WAITING) return false;
    for (const id of ids) waiting.add(id);
    return true;
  }

  changed(id: string): void {
    if (this.stale.size < MOST_WAITING) this.stale.add(id);
  }

  /** Takes those of the next statement. */
  next(): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const waiting of [this.few, this.stale, this.many]) {
      for (const id of waiting) {
        if (ids.size >= MOST_IDS) return ids;
        ids.add(id);
        waiting.delete(id);
      }
    }
    return ids;
  }
}
