/** The later of two times, where null is no time. */
export function laterOf(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null || b < a ? a : b;
}
