import type { DiffResult, DiffSample } from '../../domain/sync/diff-result.js';
import { isFields } from '../../kernel/fields.js';
import type { EndedRun } from './run-watch.js';

/** What a comparison came to; null of any other run, and of one that did not come to its end. */
export function differenceOf({ kind, verdict, diff }: EndedRun): DiffResult | null {
  return kind === 'diff' && verdict === 'complete' ? readDifference(diff) : null;
}

/** A difference as a host stored it; null where none is. */
function readDifference(stored: unknown): DiffResult | null {
  if (!isFields(stored)) return null;
  const { same, changed, missing, extra, fields, samples } = stored;
  const counted = Object.entries(isFields(fields) ? fields : {}).map(
    ([name, count]) => [name, toCount(count)] as const,
  );
  return {
    same: toCount(same),
    changed: toCount(changed),
    missing: toCount(missing),
    extra: toCount(extra),
    fields: Object.fromEntries(counted),
    samples: (Array.isArray(samples) ? samples : []).filter(isFields).map(toSample),
  };
}

export function isDifferent({ changed, missing, extra }: DiffResult): boolean {
  return changed + missing + extra > 0;
}

function toSample({ id, field, ours, theirs }: Readonly<Record<string, unknown>>): DiffSample {
  return { id: String(id), field: String(field), ours, theirs };
}

function toCount(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
