import fc from 'fast-check';
import { MatchStatus } from '../../src/domain/match-status.js';
import type { Slots } from '../../src/domain/score.js';
import { KICKOFF_S, type Report } from './history.js';

/** A report with the number of its period: reports of one period are ordered, a late one is of a smaller number. */
export interface Told extends Report {
  readonly period: number;
  readonly home: Slots;
  readonly away: Slots;
}

export const HAPPENINGS = ['home-goal', 'away-goal', 'home-corner', 'away-card', 'annul-home', 'nothing'] as const;
export type Happening = (typeof HAPPENINGS)[number];

const PLAY = fc.array(fc.constantFrom(...HAPPENINGS), { maxLength: 5 });
const PERIODS = [
  { status: MatchStatus.FirstHalf, atMin: 0 },
  { status: MatchStatus.HalfTime, atMin: 47 },
  { status: MatchStatus.SecondHalf, atMin: 62 },
  { status: MatchStatus.Ended, atMin: 110 },
  { status: MatchStatus.ExtraTime, atMin: 116 },
  { status: MatchStatus.Ended, atMin: 150 },
  { status: MatchStatus.Shootout, atMin: 155 },
  { status: MatchStatus.Ended, atMin: 165 },
] as const;

/** A whole match as the feed tells it in order: 90 minutes, extra time with its false end, or a shoot-out as well. */
export const randomMatch: fc.Arbitrary<readonly Told[]> = fc
  .record({ periods: fc.constantFrom(4, 6, 8), play: fc.array(PLAY, { minLength: 8, maxLength: 8 }) })
  .map(({ periods, play }) => tellMatch(periods, play));

/** @param play what happens in each period; a minute apart */
export function tellMatch(periods: number, play: readonly Happening[][]): readonly Told[] {
  let home: Slots = [0, 0, 0, 0, 0, 0, 0];
  let away: Slots = [0, 0, 0, 0, 0, 0, 0];
  let kickoffS = KICKOFF_S;
  const told: Told[] = [];
  for (const [period, { status, atMin }] of PERIODS.slice(0, periods).entries()) {
    const startS = KICKOFF_S + atMin * 60;
    if (status === MatchStatus.SecondHalf || status === MatchStatus.ExtraTime) kickoffS = startS;
    if (status === MatchStatus.HalfTime) {
      home = put(home, 1, home[0]);
      away = put(away, 1, away[0]);
    }
    if (status === MatchStatus.ExtraTime) {
      home = put(home, 5, home[0]);
      away = put(away, 5, away[0]);
    }
    const say = (seconds: number) => told.push({ atS: startS + seconds, status, home, away, kickoffS, period });
    say(0);
    const inPlay = status !== MatchStatus.HalfTime && status !== MatchStatus.Ended;
    for (const [n, happening] of (inPlay ? (play[period] ?? []) : []).entries()) {
      const goalSlot = status === MatchStatus.Shootout ? 6 : status === MatchStatus.ExtraTime ? 5 : 0;
      if (happening === 'home-goal') home = put(home, goalSlot, home[goalSlot] + 1);
      if (happening === 'away-goal') away = put(away, goalSlot, away[goalSlot] + 1);
      if (happening === 'home-corner') home = put(home, 4, home[4] + 1);
      if (happening === 'away-card') away = put(away, 3, away[3] + 1);
      if (happening === 'annul-home' && goalSlot !== 6 && home[goalSlot] > floorOf(home, goalSlot)) {
        home = put(home, goalSlot, home[goalSlot] - 1);
      }
      say(60 * (n + 1));
    }
    if (status === MatchStatus.Shootout && home[6] === away[6]) {
      home = put(home, 6, home[6] + 1);
      say(500);
    }
  }
  return told;
}

/** In extra time only its own goals are annulled here; a side at 0 after 120 minutes sends 0. */
function floorOf(slots: Slots, goalSlot: number): number {
  return goalSlot === 5 ? slots[0] : slots[1];
}

function put(slots: Slots, slot: number, value: number): Slots {
  return slots.map((old, n) => (n === slot ? value : old)) as unknown as Slots;
}
