import { ChangeStore, type KeptChange } from '../sync/ports/change-store.js';

const DAY_MS = 86_400_000;

interface Row extends KeptChange {
  readonly seenAtMs: number;
}

/** The store keeps the newest entries of `/data/update`, in memory. */
export class InMemoryChangeStore extends ChangeStore {
  private readonly rows = new Map<string, Row>();

  /** @param nowMs the database's clock, unix ms */
  constructor(private readonly nowMs: () => number = Date.now) {
    super();
  }

  /** What is kept, in the order in which it came. */
  get kept(): readonly KeptChange[] {
    return [...this.rows.values()].map(({ seenAtMs: _, ...change }) => change);
  }

  override async keep(changes: readonly KeptChange[]): Promise<number> {
    const news = changes.filter((change) => isNewer(change, this.rows.get(keyOf(change))));
    for (const change of news) this.rows.set(keyOf(change), { ...change, seenAtMs: this.nowMs() });
    return news.length;
  }

  override async prune(days: number, limit: number): Promise<number> {
    const beforeMs = this.nowMs() - days * DAY_MS;
    const old = [...this.rows].filter(([, { seenAtMs }]) => seenAtMs < beforeMs).slice(0, limit);
    for (const [key] of old) this.rows.delete(key);
    return old.length;
  }
}

function isNewer({ updatedAtS }: KeptChange, row: Row | undefined): boolean {
  if (!row) return true;
  return updatedAtS !== null && (row.updatedAtS === null || updatedAtS > row.updatedAtS);
}

function keyOf({ type, id }: KeptChange): string {
  return `${type}/${id}`;
}
