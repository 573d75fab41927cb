import { median } from '../statistics.js';

export function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** The median of the rounds' own ratios; null when nothing was measured. */
export function ratio(values: readonly number[], base: readonly number[]): number | null {
  const ratios = values.flatMap((value, round) => (base[round] ? [value / base[round]] : []));
  return rounded(median(ratios));
}

export function middle(values: readonly number[], digits = 2): number | null {
  return rounded(median(values), digits);
}

function rounded(value: number | null, digits = 3): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
