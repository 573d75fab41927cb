/** A time in unix ms as ISO 8601, UTC; null stays null. */
export function isoTime(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
