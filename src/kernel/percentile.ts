/**
 * Takes a percentile by the nearest rank.
 * @param ascending sorted values
 * @param share 0-1
 * @returns null where there are no values
 */
export function percentile(ascending: ArrayLike<number>, share: number): number | null {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? null;
}
