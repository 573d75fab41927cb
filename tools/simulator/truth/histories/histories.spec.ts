import { describe, expect, it } from '@jest/globals';
import { MatchStatus } from '../../../../src/domain/match-status.js';
import { SeededRandom } from '../../../../test/support/seeded-random.js';
import { goalsOf, type Moment } from '../moment.js';
import { Telling } from '../telling.js';
import { HISTORIES } from './histories.js';

const SEEDS = [1, 2, 3, 4, 5];

/** How the truth about each kind of match ends, and which statuses it goes through; those of a row of the same are one. */
const ENDS: Readonly<Record<string, string>> = {
  regular: '1 2 3 4 8',
  'regular, nothing but goals told': '1 2 3 4 8',
  'extra time': '1 2 3 4 5 8',
  'extra time after an end': '1 2 3 4 8 5 8',
  'extra-time final in slot 0': '1 2 3 4 5 8',
  'shoot-out': '1 2 3 4 5 7 8',
  'shoot-out between ends': '1 2 3 4 8 7 8',
  'lots, level kicks': '1 2 3 4 7 8',
  'lots, no kicks': '1 2 3 4 7 8',
  'sides swapped': '1 2 3 4 8',
  'VAR in one step': '1 2 3 4 8',
  'VAR in two steps': '1 2 3 4 8',
  'VAR there and back in play': '1 2 3 4 8',
  'VAR with the whistle': '1 2 3 4 8',
  'VAR before the whistle': '1 2 3 4 8',
  'VAR after the whistle': '1 2 3 4 8',
  'VAR long after the whistle': '1 2 3 4 8',
  'VAR gives a goal after the whistle': '1 2 3 4 8',
  'false end with corners': '1 2 3 4 8 4 8',
  'false end without corners': '1 2 3 4 8 4 8',
  'false end, then a goal': '1 2 3 4 8 4 8',
  'false end of extra time': '1 2 3 4 5 8 5 8',
  'false second half': '1 2 3 4 3 4 8',
  'false second half in the first': '1 2 4 2 3 4 8',
  'false start': '1 2 1 2 3 4 8',
  'false start, then delayed': '1 2 9 2 3 4 8',
  'late status': '1 2 3 4 8',
  'late end': '1 2 3 4 8',
  'kick-off corrected back': '1 2 3 4 8',
  'kick-off corrected forward': '1 2 3 4 8',
  'second kick-off corrected back': '1 2 3 4 8',
  'extra-time kick-off corrected back': '1 2 3 4 5 8',
  'abandoned and resumed': '1 2 3 4 10 4 8',
  'abandoned and resumed with a new kick-off': '1 2 10 2 3 4 8',
  'cut in half and resumed': '1 2 3 4 11 4 8',
  'abandoned and awarded': '1 2 3 4 11 8',
  'awarded with P': '1 2 3 4 8',
  'awarded without P': '1 2 3 4 8',
  'cancelled, then played': '1 12 1 2 3 4 8',
  'replayed from the start': '1 2 10 1 2 3 4 8',
  'replayed at once': '1 2 3 4 13 2 3 4 8',
  postponed: '1 9 13',
  walkover: '1 8',
  'gap in the second half': '1 2 3 4 8',
  'gap over half-time': '1 2 3 4 8',
  'gap over the last minutes': '1 2 3 4 8',
};

function told(name: string, seed: number): readonly Moment[] {
  const telling = new Telling(new SeededRandom(seed), 1_768_662_000);
  HISTORIES.find((history) => history.name === name)?.tell(telling);
  return telling.moments;
}

const last = (moments: readonly Moment[]): Moment => moments.at(-1) as Moment;
const score = ({ home, away }: Moment) => [goalsOf(home), goalsOf(away)];

it('every kind of history is described here', () => {
  expect(HISTORIES.map(({ name }) => name).sort()).toEqual(Object.keys(ENDS).sort());
});

describe.each(Object.entries(ENDS))('%s', (name, statuses) => {
  it(`goes ${statuses}`, () => {
    for (const seed of SEEDS) {
      const all = told(name, seed).map(({ status }) => status);
      expect(all.filter((status, n) => status !== all[n - 1]).join(' ')).toBe(statuses);
    }
  });

  it('goes forward in time, ends with something the feed tells, and is the same for the same seed', () => {
    for (const seed of SEEDS) {
      const moments = told(name, seed);
      expect(moments.map(({ atS }) => atS)).toEqual(moments.map(({ atS }) => atS).sort((a, b) => a - b));
      expect(last(moments).told).toBe(true);
      expect(moments.every(({ atS, kickoffS }) => kickoffS <= atS)).toBe(true);
      expect(told(name, seed)).toEqual(moments);
    }
  });
});

describe.each(SEEDS)('with seed %i', (seed) => {
  it.each(['VAR after the whistle', 'VAR long after the whistle', 'VAR with the whistle'])(
    '%s: a goal less',
    (name) => {
      const moments = told(name, seed);
      const [before, after] = [moments.at(-2) as Moment, last(moments)];
      expect(goalsOf(before.home) + goalsOf(before.away) - goalsOf(after.home) - goalsOf(after.away)).toBe(1);
      expect(after.status).toBe(MatchStatus.Ended);
    },
  );

  it.each(['awarded with P', 'awarded without P', 'abandoned and awarded'])('%s: nil to three', (name) => {
    expect(score(last(told(name, seed)))).toEqual([0, 3]);
    expect(last(told(name, seed)).stamped).toBe(name === 'awarded with P');
  });

  it.each(['lots, level kicks', 'lots, no kicks'])('%s: level', (name) => {
    const { home, away } = last(told(name, seed));
    expect([goalsOf(home), home[6]]).toEqual([goalsOf(away), away[6]]);
  });

  it('a shoot-out is won', () => {
    const { home, away } = last(told('shoot-out', seed));
    expect(home[6]).not.toBe(away[6]);
    expect(goalsOf(home)).toBe(goalsOf(away));
  });

  it('a final of extra time in slot 0 has nothing in the slot of extra time, and loses no goal', () => {
    const moments = told('extra-time final in slot 0', seed);
    expect([last(moments).home[5], last(moments).away[5]]).toEqual([0, 0]);
    expect(score(last(moments))).toEqual(score(moments.at(-2) as Moment));
  });

  it('sides are swapped once', () => {
    const moments = told('sides swapped', seed);
    const swaps = moments.filter(({ home, away }, n) => {
      const before = moments[n - 1];
      return (
        before &&
        home.join() === before.away.join() &&
        away.join() === before.home.join() &&
        home.join() !== away.join()
      );
    });
    expect(swaps).toHaveLength(1);
  });

  it('a gap is told by nobody', () => {
    for (const name of ['gap in the second half', 'gap over half-time', 'gap over the last minutes']) {
      expect(told(name, seed).some(({ told: isTold }) => !isTold)).toBe(true);
    }
  });
});
