import type { DiffResult, DiffSample } from '../../domain/sync/diff-result.js';
import type { EntityRow } from '../../domain/sync/entity-row.js';
import type { RowDifference } from '../ports/entity-store.js';

const MOST_SAMPLES = 20;

/** Adds up what a run that writes nothing finds. */
export interface DiffTally {
  add(rows: readonly EntityRow[], differences: readonly RowDifference[]): void;
  /** @param extra rows that the provider does not list */
  end(extra: number): DiffResult;
}

export function tally(): DiffTally {
  const fields: Record<string, number> = {};
  const samples: DiffSample[] = [];
  /** a row that moved between pages counts once */
  const told = new Set<string>();
  let [same, changed, missing] = [0, 0, 0];
  const addOne = (row: EntityRow, ours: RowDifference['ours'] | undefined): void => {
    if (told.has(row.externalId)) return;
    told.add(row.externalId);
    if (ours === undefined) same += 1;
    else if (ours === null) missing += 1;
    else {
      changed += 1;
      for (const [field, value] of Object.entries(ours)) {
        fields[field] = (fields[field] ?? 0) + 1;
        const theirs = row.values[field] ?? null;
        if (samples.length < MOST_SAMPLES) samples.push({ id: row.externalId, field, ours: value, theirs });
      }
    }
  };
  return {
    add(rows, differences) {
      const found = new Map(differences.map(({ externalId, ours }) => [externalId, ours]));
      for (const row of rows) addOne(row, found.get(row.externalId));
    },
    end: (extra) => ({ same, changed, missing, extra, fields, samples }),
  };
}
