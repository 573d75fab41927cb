import { type PrunedBatch, RETAINED_KINDS, type RetainedKind } from './ports/retention-store.js';
import type { ResolvedRetentionOptions } from './retention.options.js';

/** For how many days each kind is kept; 0: for ever. */
export type RetainedDays = Readonly<Record<RetainedKind, number>>;

export function retainedDays(options: Omit<ResolvedRetentionOptions, 'everyMs'>): RetainedDays {
  const { journalDays, verdictsDays, lettersDays, decisionsDays, syncDays } = options;
  return {
    journal: journalDays,
    announcements: journalDays,
    progress: journalDays,
    withdrawn: journalDays,
    disputes: journalDays,
    verdicts: verdictsDays,
    letters: lettersDays,
    decisions: decisionsDays,
    comparisons: decisionsDays,
    deletions: syncDays,
    questions: syncDays,
  };
}

/** Which kinds go at all, in their order. */
export function kindsThatGo(days: RetainedDays): readonly RetainedKind[] {
  return RETAINED_KINDS.filter((kind) => days[kind] > 0);
}

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
