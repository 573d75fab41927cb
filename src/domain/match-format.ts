/** How long the periods of a match are, in minutes of play. The provider's statuses know two halves. */
export interface MatchFormat {
  /** length of each half */
  readonly halfMinutes: number;
  /** length of each of the two halves of extra time */
  readonly extraHalfMinutes: number;
}

/** Two halves of 45 minutes, extra time of twice 15: what a match has when nobody says otherwise. */
export const STANDARD_FORMAT: MatchFormat = Object.freeze({ halfMinutes: 45, extraHalfMinutes: 15 });

export const HALF_MINUTES: readonly number[] = [45, 40, 35, 30];
export const EXTRA_HALF_MINUTES: readonly number[] = [15, 10];

/** A half-time that comes so much before the half is over leaves the format in doubt, and halves lie no closer. */
const TOLERANCE_MINUTES = 5;

const FORMAT_TEXT = /^2x(\d{1,3})(?:\+2x(\d{1,3}))?$/;

/** Reads `2x40` or `2x40+2x10`; null when the format is not known: thirds, or another length. */
export function readMatchFormat(text: unknown): MatchFormat | null {
  const parts = typeof text === 'string' ? FORMAT_TEXT.exec(text) : null;
  if (!parts) return null;
  const halfMinutes = Number(parts[1]);
  const extraHalfMinutes = parts[2] === undefined ? STANDARD_FORMAT.extraHalfMinutes : Number(parts[2]);
  if (!HALF_MINUTES.includes(halfMinutes) || !EXTRA_HALF_MINUTES.includes(extraHalfMinutes)) return null;
  return { halfMinutes, extraHalfMinutes };
}

/** The format as it is written in options and in the table. */
export function matchFormatText({ halfMinutes, extraHalfMinutes }: MatchFormat): string {
  return `2x${halfMinutes}+2x${extraHalfMinutes}`;
}

/** The least time of play before a half-time that fits the format, seconds. */
export function leastHalfS({ halfMinutes }: MatchFormat): number {
  return (halfMinutes - TOLERANCE_MINUTES) * 60;
}
