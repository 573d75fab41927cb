import type { MatchStatus } from '../../src/domain/match-status.js';
import type { Slots } from '../../src/domain/score.js';
import type { CommittedStep, PeriodFormat } from '../../src/domain/settlement/settlement-path.js';
import type { SeededRandom } from './seeded-random.js';

/** A generated match: its versions, what is known of its halves, and a moment after the last version. */
export interface SettlementHistory {
  readonly steps: readonly CommittedStep[];
  readonly format: PeriodFormat;
  readonly endMs: number;
}

export const KICKOFF_MS = 1_780_000_000_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MOST_GOALS = 4;

/** What follows a status, and how often: itself mostly; every path that a journal can hold, the odd ones often. */
const FOLLOWING: Readonly<Record<number, readonly number[]>> = {
  1: [2, 2, 2, 2, 2, 2, 2, 2, 4, 8, 9, 12, 13],
  2: [2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 8, 9, 10, 11, 13],
  3: [3, 3, 4, 4, 4, 4, 2, 5, 8, 10],
  4: [4, 4, 4, 4, 4, 4, 8, 8, 8, 8, 5, 5, 7, 3, 2, 10, 11, 12],
  5: [5, 5, 5, 7, 7, 8, 8, 4, 10, 11],
  7: [7, 7, 8, 8, 8, 5, 4, 10],
  8: [8, 8, 8, 4, 4, 5, 7, 2, 3, 9, 10, 11, 12, 13],
  9: [9, 1, 2, 2, 3, 4, 5, 8, 10, 11, 12, 13],
  10: [10, 10, 2, 4, 4, 4, 5, 7, 8, 9, 11, 12, 13, 1],
  11: [11, 2, 4, 5, 1, 8, 9, 12],
  12: [12, 2, 4, 1, 8, 10, 11],
  13: [13, 1, 2, 4, 8, 9, 10, 11, 12],
};

const GAPS_MS: readonly number[] = [
  ...[0, 1, 1, 2, 5, 5, 10, 15, 19, 20, 21, 45].map((minutes) => minutes * MINUTE_MS),
  20 * MINUTE_MS - 1,
  20 * MINUTE_MS + 1,
  2 * DAY_MS - 1,
  2 * DAY_MS,
  2 * DAY_MS + 30 * MINUTE_MS,
  3 * DAY_MS,
];
const SOURCES = ['mqtt', 'mqtt', 'mqtt', 'mqtt', 'mqtt', 'mqtt', 'foreign', 'foreign', 'api', 'admin', 'revert'];
/** What slot 1 says from half-time on. */
type HalfTimeSlot = 'right' | 'late' | 'missing' | 'above' | 'any';

/** Any history of a match, the same for the same numbers. */
export function randomSettlementHistory(random: SeededRandom): SettlementHistory {
  const writer = new HistoryWriter(random);
  const count = 2 + random.below(11);
  for (let n = 0; n < count; n++) writer.next();
  const format = random.pick(['halves', 'halves', 'halves', 'halves', 'halves', 'disputed', 'other'] as const);
  const lastMs = writer.steps.at(-1)?.atMs ?? KICKOFF_MS;
  return { steps: writer.steps, format, endMs: lastMs + random.pick([0, 10 * MINUTE_MS, DAY_MS, 5 * DAY_MS]) };
}

/** Plays a match, goal by goal, and writes down what a table of versions would have of it. */
class HistoryWriter {
  readonly steps: CommittedStep[] = [];
  private status: number;
  private atMs = KICKOFF_MS;
  private goals: [number, number] = [0, 0];
  private halfTime: [number, number] = [0, 0];
  private readonly slot: HalfTimeSlot;
  private readonly isQuiet: boolean;
  private readonly isTimed: boolean;

  constructor(private readonly random: SeededRandom) {
    this.status = random.pick([1, 1, 2, 2, 2, 2, 3, 4, 8, 9]);
    this.slot = random.pick(['right', 'right', 'right', 'right', 'late', 'missing', 'above', 'any'] as const);
    this.isQuiet = random.next() < 0.6;
    this.isTimed = random.next() < 0.6;
  }

  next(): void {
    if (this.steps.length > 0) this.move();
    this.score();
    if (this.status === 2) this.halfTime = [...this.goals];
    const { home, away } = this.slots();
    this.steps.push({
      epoch: 1,
      version: this.steps.length,
      source: this.isQuiet ? 'mqtt' : this.random.pick(SOURCES),
      status: this.status as MatchStatus,
      home,
      away,
      providerTimeS: this.providerTimeS(),
      atMs: this.atMs,
    });
  }

  private move(): void {
    this.status = this.random.pick(FOLLOWING[this.status] ?? [2]);
    // mostly the pace of a match, often the edges of what time decides
    const gaps = this.random.next() < 0.6 ? GAPS_MS.slice(1, 8) : GAPS_MS;
    this.atMs += this.random.pick(gaps);
  }

  /** A goal, none, one that is taken back, or two at once. */
  private score(): void {
    const side = this.random.below(2);
    const chance = this.random.next();
    if (chance < 0.35) this.goals[side]! += 1;
    else if (chance < 0.47) this.goals[side]! -= 1;
    else if (chance < 0.51) this.goals[side]! -= 2;
    else if (chance < 0.55) this.goals = [this.goals[1], this.goals[0]];
    else if (chance < 0.57) this.goals = [this.random.below(MOST_GOALS + 1), this.random.below(MOST_GOALS + 1)];
    this.goals = [within(this.goals[0]), within(this.goals[1])];
  }

  private slots(): { home: Slots | null; away: Slots | null } {
    if (this.random.next() < 0.02) return { home: null, away: null };
    const [home, away] = this.halfTimeSlots();
    return { home: this.sideSlots(this.goals[0], home), away: this.sideSlots(this.goals[1], away) };
  }

  private halfTimeSlots(): [number, number] {
    const { random } = this;
    if (this.status < 3 || this.slot === 'missing') return [0, 0];
    if (this.slot === 'any') return [random.below(MOST_GOALS), random.below(MOST_GOALS)];
    if (this.slot === 'late' && random.next() < 0.5) return [0, 0];
    if (this.slot === 'above' && random.next() < 0.4) return [this.goals[0] + 1, this.halfTime[1]];
    return this.status === 3 ? [...this.goals] : this.halfTime;
  }

  /** The other slots say something too: nothing follows from them. */
  private sideSlots(regular: number, halfTime: number): Slots {
    const { random } = this;
    return [regular, halfTime, random.below(2), random.below(4), random.below(9), random.below(6), random.below(6)];
  }

  private providerTimeS(): number | null {
    const chance = this.random.next();
    if (!this.isTimed || chance < 0.2) return null;
    const nowS = Math.floor(this.atMs / 1_000);
    return chance < 0.5 ? nowS - this.random.below(7_200) : nowS;
  }
}

function within(goals: number): number {
  return Math.min(MOST_GOALS, Math.max(0, goals));
}
