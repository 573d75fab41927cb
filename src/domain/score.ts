/**
 * One team has seven slots, as the provider sends them and `home_scores`/`away_scores` store them: 0 goals in regular
 * time, 1 goals at half-time, 2 red cards, 3 yellow cards, 4 corners, 5 goals after extra time (aggregate of 120
 * minutes, 0 without extra time), 6 shoot-out goals. All are integers ≥ 0; in an update, corners may be {@link
 * NO_CORNER_DATA}.
 */
export type Slots = readonly [
  regular: number,
  halfTime: number,
  redCards: number,
  yellowCards: number,
  corners: number,
  extraTime: number,
  shootout: number,
];

/** A report's corner slot when the feed has no corner data: keeps the known count. */
export const NO_CORNER_DATA = -1;

export const NO_SCORE: Slots = [0, 0, 0, 0, 0, 0, 0];

/** Gives the score that readers show: shoot-out goals included. */
export function displayScore(slots: Slots): number {
  return goals(slots) + slots[6];
}

/** The slots with as many goals as make readers see `shown`; null when the shoot-out alone has more. */
export function slotsShowing(slots: Slots, shown: number): Slots | null {
  const target = shown - slots[6];
  if (target < 0) return null;
  const isExtra = slots[5] !== 0 && target >= slots[0] && target > 0;
  const regular = isExtra ? slots[0] : target;
  const halfTime = Math.min(slots[1], regular);
  return [regular, halfTime, slots[2], slots[3], slots[4], isExtra ? target : 0, slots[6]];
}

/** Goals of regular and extra time; never the shoot-out. */
export function goals(slots: Slots): number {
  return slots[5] !== 0 ? slots[5] : slots[0];
}

export function sameSlots(a: Slots, b: Slots): boolean {
  return (
    a === b ||
    (a[0] === b[0] &&
      a[1] === b[1] &&
      a[2] === b[2] &&
      a[3] === b[3] &&
      a[4] === b[4] &&
      a[5] === b[5] &&
      a[6] === b[6])
  );
}

/** The incoming slots, with the known corner count where the report has none. */
export function withKnownCorners(incoming: Slots, known: Slots): Slots {
  if (incoming[4] >= 0) return incoming;
  return [incoming[0], incoming[1], incoming[2], incoming[3], known[4], incoming[5], incoming[6]];
}

/** Slot by slot the higher count. */
export function higherOf(a: Slots, b: Slots): Slots {
  if (!isAbove(b, a)) return a;
  if (!isAbove(a, b)) return b;
  return [
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.max(a[2], b[2]),
    Math.max(a[3], b[3]),
    Math.max(a[4], b[4]),
    Math.max(a[5], b[5]),
    Math.max(a[6], b[6]),
  ];
}

/** Is any count (goals, cards, corners) above the known one? */
export function isAbove(slots: Slots, known: Slots): boolean {
  return (
    slots !== known &&
    (slots[0] > known[0] ||
      slots[1] > known[1] ||
      slots[2] > known[2] ||
      slots[3] > known[3] ||
      slots[4] > known[4] ||
      slots[5] > known[5] ||
      slots[6] > known[6])
  );
}

/** Both sides of a match. */
export interface Sides {
  readonly home: Slots;
  readonly away: Slots;
}

/** Does any count of either side lie below the known one? */
export function anyFalls({ home, away }: Sides, known: Sides): boolean {
  return isAbove(known.home, home) || isAbove(known.away, away);
}

/** Does any count of either side lie above the known one? */
export function anyRises({ home, away }: Sides, known: Sides): boolean {
  return isAbove(home, known.home) || isAbove(away, known.away);
}

/** How many goals more than the known score, both sides together; a side that fell counts nothing. */
export function goalsAbove({ home, away }: Sides, known: Sides): number {
  return Math.max(0, goals(home) - goals(known.home)) + Math.max(0, goals(away) - goals(known.away));
}

/** Equal goals of every period, the shoot-out included; cards and corners may differ. */
export function sameGoals(a: Sides, b: Sides): boolean {
  return [0, 5, 6].every((slot) => a.home[slot] === b.home[slot] && a.away[slot] === b.away[slot]);
}
