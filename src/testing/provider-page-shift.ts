import { Random } from '../kernel/seeded-random.js';
import { type ProviderFault, rowsOf } from './provider-fault.js';
import type { Strikes } from './provider-faults.js';
import type { ProviderRow } from './provider-row.js';
import type { ProviderRowList } from './provider-row-list.js';

/** A list that changes while it is read. */
export interface ShiftingList {
  readonly rows: ProviderRowList;
  readonly putInFront: (rows: readonly ProviderRow[]) => void;
  readonly delete: (ids: readonly string[]) => void;
}

/** Changes a list between two of its pages. */
export class ProviderPageShift {
  private readonly random = new Random(1);
  private inserted = 0;

  constructor(private readonly nowMs: () => number) {}

  /** @param read rows of the pages that were answered so far */
  apply(list: ShiftingList, read: number, strikes: Strikes): void {
    const insert = strikes.get('insert');
    const move = strikes.get('move');
    const remove = strikes.get('delete');
    const all = list.rows.size;
    if (insert) list.putInFront(this.some(list, insert, all).map((row) => this.newRow(row)));
    if (move) list.putInFront(this.some(list, move, all).map((row) => this.changed(row)));
    if (remove) list.delete(this.some(list, remove, Math.min(read, all)).map(({ id }) => id));
  }

  /** Like the other, with an id of its own. */
  private newRow(row: ProviderRow): ProviderRow {
    this.inserted += 1;
    return { ...this.changed(row), id: `inserted${this.inserted}` };
  }

  private changed(row: ProviderRow): ProviderRow {
    return { ...row, updated_at: Math.floor(this.nowMs() / 1000) };
  }

  /** Different ones of the first `among` rows. */
  private some({ rows }: ShiftingList, fault: ProviderFault, among: number): ProviderRow[] {
    const places = new Set<number>();
    const wanted = Math.min(rowsOf(fault), among);
    while (places.size < wanted) places.add(this.random.integer(0, among - 1));
    return [...places].flatMap((place) => rows.get(rows.nth(place)?.id ?? '') ?? []);
  }
}
