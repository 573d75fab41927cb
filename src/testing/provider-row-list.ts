import type { ProviderPresentation } from './provider-presentation.js';
import { itemOf, type ProviderRow, type StoredRow, storedRow } from './provider-row.js';
import { SortedRows } from './provider-sorted-rows.js';

/** One page of a list, as it is asked for. */
export interface PageRequest {
  /** from 1 */
  readonly page: number;
  /** unix seconds; null: everything */
  readonly timeS: number | null;
}

type Shown = Pick<ProviderPresentation, 'pageSize' | 'timeBoundary' | 'order'>;

/** The rows of one list, ordered by place and by time of change. */
export class ProviderRowList {
  private readonly rows = new Map<string, StoredRow>();
  private readonly byPlace = new SortedRows<StoredRow>((a, b) => a.place - b.place);
  private readonly byTime = new SortedRows<StoredRow>((a, b) => a.changedAtS - b.changedAtS || a.place - b.place);
  private first = 0;
  private last = 0;

  constructor(private readonly nowMs: () => number) {}

  get size(): number {
    return this.rows.size;
  }

  /** Adds rows, or replaces those of the same id; a replaced row keeps its place unless it goes to the front. */
  put(items: readonly ProviderRow[], to: 'front' | 'end' = 'end'): void {
    const removed: StoredRow[] = [];
    // the last of several rows with one id counts
    const newest = new Map(items.map((item) => [item.id, item]));
    const added = [...newest.values()].map((item) => {
      const before = this.rows.get(item.id);
      if (before) removed.push(before);
      return storedRow(item, this.placeFor(before, to), this.nowMs());
    });
    for (const row of added) this.rows.set(row.id, row);
    this.change(removed, added);
  }

  /** Answers the ids that were there. */
  delete(ids: readonly string[]): string[] {
    const removed = [...new Set(ids)].flatMap((id) => this.rows.get(id) ?? []);
    for (const { id } of removed) this.rows.delete(id);
    this.change(removed, []);
    return removed.map(({ id }) => id);
  }

  get(id: string): ProviderRow | null {
    const row = this.rows.get(id);
    return row ? itemOf(row) : null;
  }

  stored(id: string): StoredRow | null {
    return this.rows.get(id) ?? null;
  }

  ids(): string[] {
    return [...this.rows.keys()];
  }

  /** The row at that place of the insertion order, from 0. */
  nth(place: number): StoredRow | null {
    return this.byPlace.at(place) ?? null;
  }

  /** The first rows of the insertion order. */
  head(count: number): StoredRow[] {
    return this.byPlace.slice(0, count);
  }

  page({ page, timeS }: PageRequest, { pageSize, timeBoundary, order }: Shown): StoredRow[] {
    const list = timeS === null && order === 'inserted' ? this.byPlace : this.byTime;
    const begin =
      timeS === null
        ? 0
        : this.byTime.firstNot(
            timeBoundary === 'inclusive' ? (row) => row.changedAtS < timeS : (row) => row.changedAtS <= timeS,
          );
    const offset = (page - 1) * pageSize;
    if (order !== 'newest-first') return list.slice(begin + offset, begin + offset + pageSize);
    const end = list.length - offset;
    return end <= begin ? [] : list.slice(Math.max(begin, end - pageSize), end).reverse();
  }

  private placeFor(before: StoredRow | undefined, to: 'front' | 'end'): number {
    if (to === 'front') return --this.first;
    return before?.place ?? ++this.last;
  }

  private change(removed: readonly StoredRow[], added: readonly StoredRow[]): void {
    this.byPlace.change(removed, added);
    this.byTime.change(removed, added);
  }
}
