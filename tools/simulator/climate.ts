import type { SeededRandom } from '../../test/support/seeded-random.js';

/** What a world is like: drawn once per world, so that worlds differ in kind. Rates are per step unless told. */
export interface Climate {
  /** played at the same time */
  readonly matches: number;
  /** mean time between two frames of a match, ms */
  readonly frameEveryMs: number;
  /** of a frame, 0–1: it is told again, or an old one is */
  readonly repeats: number;
  /** of a frame, 0–1: it holds several matches */
  readonly joins: number;
  /** of a frame, 0–1: rubbish follows it */
  readonly rubbish: number;
  /** of a match, 0–1 */
  readonly rowless: number;
  readonly poisoned: number;
  readonly stamped: number;
  /** unacknowledged frames that the broker sends at most */
  readonly window: number;
  readonly batchSize: number;
  /** one way to the broker and to the database, ms */
  readonly networkMs: number;
  readonly databaseMs: number;
  /** of a statement, 0–1 */
  readonly faultRate: number;
  readonly crash: number;
  readonly stop: number;
  readonly cut: number;
  /** the broker forgets the session and what it held */
  readonly forget: number;
  readonly outage: number;
  readonly lock: number;
  readonly clockStep: number;
}

export function drawClimate(random: SeededRandom): Climate {
  const often = (rate: number) => (random.next() < 0.3 ? 0 : rate * 4 ** (random.next() * 2 - 1));
  const rowless = often(0.05);
  const forget = random.next() < 0.7 ? 0 : often(1 / 5_000);
  return {
    matches: 1 + random.below(40),
    frameEveryMs: 20 * 4 ** (random.next() * 3),
    repeats: often(0.1),
    joins: often(0.1),
    rubbish: often(0.02),
    rowless,
    poisoned: often(0.02),
    // of an answer with a time that is older than a frame which came late nobody knows whether it knew of the frame
    stamped: forget > 0 ? 0 : often(0.1),
    window: random.pick([1, 5, 20, 100]),
    batchSize: random.pick([1, 3, 200]),
    networkMs: random.pick([0, 2, 30]),
    databaseMs: 0.5 * 4 ** (random.next() * 3),
    faultRate: often(0.02),
    crash: often(1 / 4_000),
    stop: often(1 / 8_000),
    cut: often(1 / 1_000),
    forget,
    outage: often(1 / 5_000),
    lock: often(1 / 500),
    // of parked updates the one with the newest time of receipt is kept: a clock that steps makes another one of it
    clockStep: rowless > 0 ? 0 : often(1 / 2_000),
  };
}

/** How long a frame keeps its place in the broker's window, and how much of the window that is, ms, about. */
export function frameTakesMs({ networkMs, databaseMs, joins, matches, batchSize, window }: Climate): number {
  const statements = 1 + (joins * 0.2 * matches) / batchSize;
  return Math.max((5 + networkMs) / window, (2 * databaseMs * statements) / Math.min(window, batchSize));
}

/** May the same frames come again after a connection was lost? */
export function mayResume({ crash, stop, cut }: Climate): boolean {
  return crash + stop + cut > 0;
}
