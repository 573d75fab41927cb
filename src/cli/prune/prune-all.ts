import { reasonOf } from '../../kernel/unreachable.errors.js';
import type { RetainedKind, RetentionStore, TableSize } from '../../retention/ports/retention-store.js';
import { kindsThatGo, retainedDays } from '../../retention/retained-days.js';
import type { ResolvedRetentionOptions } from '../../retention/retention.options.js';
import { walkBatches } from '../../retention/walk-batches.js';

export interface PruneCall {
  readonly store: RetentionStore;
  readonly options: ResolvedRetentionOptions;
  /** false: rows are counted, and stay */
  readonly deletes: boolean;
  /** hears what is looked at */
  readonly tell: (line: string) => void;
}

/** What was deleted, or would be, beside what the tables hold. */
export interface Pruned {
  readonly deleted: boolean;
  readonly days: Readonly<Record<string, number>>;
  /** of all tables */
  readonly rows: number;
  readonly tables: readonly (TableSize & { readonly old: number })[];
  /** kind → why it could not be looked through */
  readonly failed: Readonly<Partial<Record<RetainedKind, string>>>;
}

/** Goes through every kind to its end. A kind that fails, for want of a right, holds up no other one. */
export async function pruneAll({ store, options, deletes, tell }: PruneCall): Promise<Pruned> {
  const days = retainedDays(options);
  const old: Record<string, number> = {};
  const failed: Partial<Record<RetainedKind, string>> = {};
  for (const kind of kindsThatGo(days)) {
    try {
      let seen = 0;
      const next = (after: string | null) =>
        deletes ? store.prune(kind, days[kind], after) : store.count(kind, days[kind], after);
      const onBatch = () => tell(`${kind}: ${++seen} batches`);
      const { rows } = await walkBatches(next, { after: null, onBatch });
      for (const [table, count] of Object.entries(rows)) old[table] = (old[table] ?? 0) + count;
    } catch (error) {
      failed[kind] = reasonOf(error);
    }
  }
  const tables = (await store.sizes()).map((size) => ({ ...size, old: old[size.table] ?? 0 }));
  const { everyMs: _everyMs, ...kept } = options;
  return { deleted: deletes, days: kept, rows: tables.reduce((all, table) => all + table.old, 0), tables, failed };
}
