import { DeletionStore } from '../sync/ports/deletion-store.js';

interface Mark {
  readonly seenAtMs: number;
  /** null: the mark holds */
  listedAtMs: number | null;
}

const HOUR_MS = 3_600_000;

/** The store keeps what the provider has deleted, in memory. */
export class InMemoryDeletionStore extends DeletionStore {
  private readonly marks = new Map<string, Mark>();

  /** @param nowMs the database's clock, unix ms */
  constructor(private readonly nowMs: () => number = Date.now) {
    super();
  }

  override async mark(
    entity: string,
    externalIds: readonly string[],
    listedAgainHours: number,
  ): Promise<readonly string[]> {
    const nowMs = this.nowMs();
    return [...new Set(externalIds)].sort().filter((id) => {
      const mark = this.marks.get(keyOf(entity, id));
      const isOpen = !mark || (mark.listedAtMs !== null && mark.listedAtMs < nowMs - listedAgainHours * HOUR_MS);
      if (isOpen) this.marks.set(keyOf(entity, id), { seenAtMs: nowMs, listedAtMs: null });
      return isOpen;
    });
  }

  /** Does a mark hold? */
  isDeleted(entity: string, id: string): boolean {
    return this.marks.get(keyOf(entity, id))?.listedAtMs === null;
  }

  /** A list names the id again. @param markedBeforeMs a later mark stays */
  listed(entity: string, id: string, markedBeforeMs = Number.POSITIVE_INFINITY, atMs = this.nowMs()): void {
    const mark = this.marks.get(keyOf(entity, id));
    if (mark?.listedAtMs === null && mark.seenAtMs < markedBeforeMs) mark.listedAtMs = atMs;
  }
}

function keyOf(entity: string, id: string): string {
  return `${entity}/${id}`;
}
