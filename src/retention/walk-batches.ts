import type { PrunedBatch } from './ports/retention-store.js';

/** How far a walk through one kind goes, and who hears of it. */
export interface Walk {
  /** where the walk goes on; null: at the beginning */
  readonly after: string | null;
  /** default: no bound */
  readonly mostBatches?: number;
  /** asked before each batch; default: always */
  readonly mayGoOn?: () => boolean;
  /** told of each batch */
  readonly onBatch?: (batch: PrunedBatch) => void;
}

/**
 * Goes through one kind batch by batch.
 * @param next `prune` or `count` of a store, for the kind and days that are meant
 * @returns all rows, and where to go on; null when the end was reached
 */
export async function walkBatches(
  next: (after: string | null) => Promise<PrunedBatch>,
  { after: start, mostBatches = Number.POSITIVE_INFINITY, mayGoOn = () => true, onBatch = () => {} }: Walk,
): Promise<PrunedBatch> {
  const rows: Record<string, number> = {};
  let after = start;
  for (let n = 0; n < mostBatches && mayGoOn(); n++) {
    const batch = await next(after);
    for (const [table, count] of Object.entries(batch.rows)) rows[table] = (rows[table] ?? 0) + count;
    onBatch(batch);
    after = batch.after;
    if (after === null) break;
  }
  return { rows, after };
}
