import type { ProviderPresentation } from './provider-presentation.js';

interface Deletion {
  readonly id: string;
  readonly atMs: number;
}

/** The deletions are what `/deleted` tells: ids by kind (`match`, `team`, …), for 24 hours. */
export class ProviderDeletions {
  private readonly byKind = new Map<string, Map<string, Deletion>>();

  /** @internal */
  constructor(private readonly nowMs: () => number) {}

  /**
   * Tells ids as deleted, whether any list holds them or not.
   * @param atMs when it happened, unix ms. @default now
   */
  add(kind: string, ids: readonly string[], atMs = this.nowMs()): void {
    const told = this.byKind.get(kind) ?? new Map<string, Deletion>();
    for (const id of ids) told.set(id, { id, atMs });
    this.byKind.set(kind, told);
  }

  /** Not deleted any more. */
  take(kind: string, ids: readonly string[]): void {
    const told = this.byKind.get(kind);
    if (told && told.size > 0) for (const id of ids) told.delete(id);
  }

  /** @internal */
  groups(nowMs: number, { deletedForMs, deletedAs }: ProviderPresentation): Record<string, unknown[]> {
    const groups: Record<string, unknown[]> = {};
    for (const [kind, told] of this.byKind) {
      const shown = [...told.values()].filter(({ atMs }) => atMs > nowMs - deletedForMs && atMs <= nowMs);
      if (shown.length > 0) groups[kind] = deletedAs === 'ids' ? shown.map(({ id }) => id) : shown.map(asObject);
    }
    return groups;
  }
}

function asObject({ id, atMs }: Deletion) {
  return { id, updated_at: Math.floor(atMs / 1000) };
}
