import { MatchStatus } from '../../../src/domain/match-status.js';
import type { Slots } from '../../../src/domain/score.js';
import type { SeededRandom } from '../../../test/support/seeded-random.js';
import type { Moment } from './moment.js';

export type Side = 'home' | 'away';

const EMPTY: Slots = [0, 0, 0, 0, 0, 0, 0];
/** of one minute of play: a goal, a corner, a yellow or a red card */
const RATES = { goal: 0.03, corner: 0.11, yellow: 0.04, red: 0.003 };
export const SLOT = { regular: 0, halfTime: 1, red: 2, yellow: 3, corners: 4, extraTime: 5, shootout: 6 } as const;

/** Tells what is true of one match over time, moment by moment. Times are seconds of its own clock. */
export class Telling {
  readonly moments: Moment[] = [];
  private current: Omit<Moment, 'atS'> = {
    status: MatchStatus.NotStarted,
    home: EMPTY,
    away: EMPTY,
    kickoffS: 0,
    told: true,
    stamped: false,
  };

  constructor(
    readonly chance: SeededRandom,
    public nowS: number,
  ) {
    this.say({});
  }

  get now(): Omit<Moment, 'atS'> {
    return this.current;
  }

  between(least: number, most: number): number {
    return least + this.chance.below(most - least + 1);
  }

  side(): Side {
    return this.chance.next() < 0.55 ? 'home' : 'away';
  }

  /** From now on this is true. */
  say(changes: Partial<Omit<Moment, 'atS'>>): void {
    this.current = { ...this.current, ...changes };
    this.moments.push({ atS: this.nowS, ...this.current });
  }

  /** Seconds go by, and nothing happens. */
  wait(leastS: number, mostS = leastS): void {
    this.nowS += this.between(leastS, mostS);
  }

  /** The feed says nothing of what happens meanwhile, except for the last of it when `then` says so. */
  unheard(happens: () => void): void {
    this.current = { ...this.current, told: false };
    happens();
    this.current = { ...this.current, told: true };
  }

  /** Minutes of play, with what happens in them. */
  play(minutes: number): void {
    for (let minute = 0; minute < minutes; minute++) {
      this.wait(55, 65);
      if (this.chance.next() < RATES.goal) this.goal(this.side());
      if (this.chance.next() < RATES.corner) this.count(this.side(), SLOT.corners, 1);
      if (this.chance.next() < RATES.yellow) this.count(this.side(), SLOT.yellow, 1);
      if (this.chance.next() < RATES.red) this.count(this.side(), SLOT.red, 1);
    }
  }

  goal(side: Side): void {
    this.count(side, this.goalSlot, 1);
  }

  takeBack(side: Side): void {
    this.count(side, this.goalSlot, -1);
  }

  corner(side: Side): void {
    this.count(side, SLOT.corners, 1);
  }

  count(side: Side, slot: number, by: number): void {
    this.say({ [side]: changed(this.current[side], slot, this.current[side][slot] as number, by) });
  }

  /** A period begins: its kick-off is now. */
  begin(status: MatchStatus): void {
    this.say({ status, kickoffS: this.nowS });
  }

  firstHalf(minutes = 46): void {
    this.begin(MatchStatus.FirstHalf);
    this.play(minutes);
  }

  halfTime(): void {
    const { home, away } = this.current;
    const frozen = (slots: Slots): Slots => changed(slots, SLOT.halfTime, 0, slots[SLOT.regular]);
    this.say({ status: MatchStatus.HalfTime, home: frozen(home), away: frozen(away) });
    this.wait(14 * 60, 16 * 60);
  }

  secondHalf(minutes = 48): void {
    this.begin(MatchStatus.SecondHalf);
    this.play(minutes);
  }

  /** First half, half-time, and the second half up to its last minute. */
  regularTime(): void {
    this.firstHalf();
    this.halfTime();
    this.secondHalf();
  }

  /** Both halves of it. The slot of extra time holds all goals of the match. */
  extraTime(minutes = 33): void {
    const { home, away } = this.current;
    const all = (slots: Slots): Slots => changed(slots, SLOT.extraTime, 0, slots[SLOT.regular]);
    this.say({ status: MatchStatus.ExtraTime, kickoffS: this.nowS, home: all(home), away: all(away) });
    this.play(minutes);
  }

  /** Level when regular time is over. */
  level(): void {
    const { home, away } = this.current;
    const behind = goalsIn(home) < goalsIn(away) ? 'home' : 'away';
    for (let missing = Math.abs(goalsIn(home) - goalsIn(away)); missing > 0; missing--) {
      this.wait(20, 90);
      this.goal(behind);
    }
  }

  shootout(kicks: readonly Side[]): void {
    this.begin(MatchStatus.Shootout);
    for (const side of kicks) {
      this.wait(40, 70);
      this.count(side, SLOT.shootout, 1);
    }
  }

  end(): void {
    this.wait(20, 60);
    this.say({ status: MatchStatus.Ended });
  }

  private get goalSlot(): number {
    return this.current.status === MatchStatus.ExtraTime || this.current.home[5] + this.current.away[5] > 0
      ? SLOT.extraTime
      : SLOT.regular;
  }
}

function goalsIn(slots: Slots): number {
  return slots[SLOT.extraTime] !== 0 ? slots[SLOT.extraTime] : slots[SLOT.regular];
}

function changed(slots: Slots, slot: number, from: number, by: number): Slots {
  return slots.map((count, index) => (index === slot ? Math.max(0, from + by) : count)) as unknown as Slots;
}
