import { describe, expect, it } from '@jest/globals';
import { SortedRows } from './provider-sorted-rows.js';

interface Row {
  readonly key: number;
}

function sortedRows() {
  const counted = { comparisons: 0 };
  const rows = new SortedRows<Row>((a, b) => {
    counted.comparisons += 1;
    return a.key - b.key;
  });
  return { rows, counted };
}

const row = (key: number): Row => ({ key });
const keysOf = (rows: SortedRows<Row>) => rows.slice(0, rows.length).map(({ key }) => key);

describe('rows in order', () => {
  it.each([
    ['a few', 3],
    ['many', 500],
  ])('stay in order while %s come and go', (_what, count) => {
    const { rows } = sortedRows();
    const all = Array.from({ length: count }, (_, nth) => row((nth * 7_919) % 10_007));
    rows.change([], all);
    const gone = all.filter((_, nth) => nth % 2 === 0);
    rows.change(gone, [row(-1), row(20_000)]);
    const left = all.filter((one) => !gone.includes(one)).map(({ key }) => key);
    expect(keysOf(rows)).toEqual([-1, ...left.sort((a, b) => a - b), 20_000]);
  });

  it('find the place of a key, also outside of all', () => {
    const { rows } = sortedRows();
    rows.change([], [10, 20, 30].map(row));
    expect([5, 20, 25, 31].map((key) => rows.firstNot((one) => one.key < key))).toEqual([0, 1, 2, 3]);
    expect([rows.at(0)?.key, rows.at(3)]).toEqual([10, undefined]);
  });

  it('are not sorted again for a few changes', () => {
    const { rows, counted } = sortedRows();
    const all = Array.from({ length: 100_000 }, (_, key) => row(key));
    rows.change([], all);
    counted.comparisons = 0;
    for (let nth = 0; nth < 100; nth++) rows.change([all[nth * 3] ?? row(0)], [row(nth * 3 + 0.5)]);
    expect(counted.comparisons).toBeLessThan(100 * 2 * 20);
  });
});
