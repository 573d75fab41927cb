import { describe, expect, it } from '@jest/globals';
import type { LiveMatch } from '../../facts.js';
import { linesOf } from './live-lines.js';

const stored = (matchId: string, more: Partial<LiveMatch> = {}): LiveMatch => ({
  matchId,
  home: `${matchId} home`,
  away: `${matchId} away`,
  competition: null,
  status: 2,
  score: [0, 0],
  minute: 12,
  source: 'mqtt',
  epoch: 1,
  version: 3,
  changedS: 1,
  seenS: 1,
  ...more,
});
const followed = (matchId: string, statusId: 2 | 8, homeScore = 0) =>
  ({ matchId, statusId, homeScore, awayScore: 0, position: '1.4', source: 'mqtt' }) as const;
const minuteOf = () => "13'";

describe('the lines of live matches', () => {
  it('have score and minute of the socket, and the names of the database', () => {
    expect(linesOf([followed('m1', 2, 1)], [stored('m1')], minuteOf)).toEqual([
      {
        matchId: 'm1',
        home: 'm1 home',
        away: 'm1 away',
        score: '1:0',
        minute: "13'",
        hint: 'm1, status 2, version 1.4, from mqtt',
      },
    ]);
  });

  it('leave out what has ended, though the database was read before the end', () => {
    expect(linesOf([followed('m1', 8)], [stored('m1')], minuteOf)).toEqual([]);
  });

  it('have matches that no socket tells of, and those without a name by their id', () => {
    const lines = linesOf(
      [followed('m9', 2)],
      [stored('m2', { home: null, score: [null, 1], minute: null })],
      minuteOf,
    );
    expect(lines.map(({ home, score, minute }) => [home, score, minute])).toEqual([
      ['m2', '–:1', '–'],
      ['m9', '0:0', "13'"],
    ]);
  });

  it('keep their order whatever changes', () => {
    const names = (ids: readonly string[]) =>
      linesOf(
        [],
        ids.map((id) => stored(id)),
        minuteOf,
      ).map(({ matchId }) => matchId);
    expect(names(['b', 'c', 'a'])).toEqual(['a', 'b', 'c']);
    expect(names(['c', 'a', 'b'])).toEqual(['a', 'b', 'c']);
  });
});
