/** From here on one pass over all rows is cheaper than a place for each. */
const FEW = 32;

/** Rows in an order that is kept while they come and go: no request sorts anything. */
export class SortedRows<T> {
  private rows: T[] = [];

  /** @param order total: 0 for the same row only */
  constructor(private readonly order: (a: T, b: T) => number) {}

  get length(): number {
    return this.rows.length;
  }

  change(removed: readonly T[], added: readonly T[]): void {
    if (removed.length + added.length > FEW) {
      const gone = new Set(removed);
      this.rows = this.rows.filter((row) => !gone.has(row)).concat(added);
      this.rows.sort(this.order);
      return;
    }
    for (const row of removed) this.rows.splice(this.placeOf(row), 1);
    for (const row of added) this.rows.splice(this.placeOf(row), 0, row);
  }

  /** The place of the first row that is not before the wanted ones; `length` when all are. */
  firstNot(isBefore: (row: T) => boolean): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.rows[middle];
      if (row !== undefined && isBefore(row)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  at(place: number): T | undefined {
    return this.rows[place];
  }

  /** Rows `from` (included) to `to` (excluded). */
  slice(from: number, to: number): T[] {
    return this.rows.slice(from, to);
  }

  private placeOf(wanted: T): number {
    return this.firstNot((row) => this.order(row, wanted) < 0);
  }
}
