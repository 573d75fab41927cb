type Slots = readonly number[];

/** Score, status and kick-offs of a version, as they are compared. */
export interface Content {
  readonly status: number;
  readonly home: Slots;
  readonly away: Slots;
  /** first half, second half, extra time; unix seconds */
  readonly kickoffs: readonly (number | null)[];
}

const NOTHING: Slots = [0, 0, 0, 0, 0, 0, 0];

/** The state of a journal row or of a match row, which may hold nothing yet. */
export function contentOf(stored: {
  readonly status: number;
  readonly home: Slots | null;
  readonly away: Slots | null;
  readonly kickoffs: readonly (number | null)[];
}): Content {
  return { ...stored, home: stored.home ?? NOTHING, away: stored.away ?? NOTHING };
}

/** What readers show: goals of 120 minutes where there were so many, and those of the shoot-out. */
export function shownGoals(slots: Slots): number {
  return (slots[5] || (slots[0] ?? 0)) + (slots[6] ?? 0);
}

/** All that a frame of protocol 2 proves. */
export function wholeText({ status, home, away, kickoffs }: Content): string {
  return `${status} ${home.join(',')} ${away.join(',')} ${kickoffs.map((at) => at ?? '-').join(',')}`;
}

/** All that a silent client shows. */
export function shownText({ status, home, away }: Pick<Content, 'status' | 'home' | 'away'>): string {
  return `${status} ${shownGoals(home)}-${shownGoals(away)}`;
}
