/**
 * What a reader has not been told yet. The end is the time of his answer, and what happens at it is told with the next one: everything is
 * told once.
 */
export interface Window {
  /** unix ms; null: from the beginning */
  readonly sinceMs: number | null;
  /** unix ms */
  readonly untilMs: number;
}

export const ALWAYS: Window = { sinceMs: null, untilMs: Number.POSITIVE_INFINITY };

export function isWithin(atMs: number, { sinceMs, untilMs }: Window): boolean {
  return (sinceMs === null || atMs >= sinceMs) && atMs < untilMs;
}
