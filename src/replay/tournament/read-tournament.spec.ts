import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TournamentFileError } from '../replay.errors.js';
import { parseTournament } from './read-tournament.js';
import { goalsOf, type PlayedMatch } from './tournament.js';

const WORLD_CUP: unknown = JSON.parse(readFileSync('examples/data/worldcup-2022.json', 'utf8'));

function parseMatch(match: object): PlayedMatch {
  const [played] = parseTournament({ name: 'Cup', matches: [match] }).matches;
  if (!played) throw new Error('the match was skipped');
  return played;
}

const times = ({ goals }: PlayedMatch) =>
  goals.map(({ side, minute, offset }) => `${side} ${minute}${offset > 0 ? `+${offset}` : ''}`);

describe('parseTournament', () => {
  it('reads the World Cup: 64 matches, 172 goals, five shoot-outs', () => {
    const { name, matches, skipped } = parseTournament(WORLD_CUP);
    expect(name).toBe('World Cup 2022');
    expect(matches).toHaveLength(64);
    expect(skipped).toEqual([]);
    expect(matches.reduce((sum, match) => sum + goalsOf(match), 0)).toBe(172);
    expect(matches.filter(({ shootout }) => shootout)).toHaveLength(5);
  });

  it('reads the final as it was', () => {
    const final = parseTournament(WORLD_CUP).matches.find(({ round }) => round === 'Final');
    expect(final).toMatchObject({
      home: 'Argentina',
      away: 'France',
      halfTime: [2, 0],
      fullTime: [2, 2],
      afterExtraTime: [3, 3],
      shootout: [4, 2],
    });
    expect(final && times(final)).toEqual(['home 23', 'home 36', 'away 80', 'away 81', 'home 108', 'away 118']);
  });

  it.each([
    ['a number with an offset', { minute: 90, offset: 4 }, 'home 90+4'],
    ['a number', { minute: 90 }, 'home 90'],
    ['text with stoppage time', { minute: '90+4' }, 'home 90+4'],
    ['text', { minute: '90' }, 'home 90'],
    ['text with a minute mark and blanks', { minute: " 90+1'" }, 'home 90+1'],
    ['text with an offset beside it', { minute: '90', offset: '3' }, 'home 90+3'],
    ['a minute beyond 90 without extra time', { minute: 94 }, 'home 90+4'],
    ['no minute', {}, 'home 68'],
    ['nonsense', { minute: 'late' }, 'home 68'],
    ['a minute of the wrong half', { minute: 30 }, 'home 46'],
  ])('takes the minute of a second-half goal from %s', (_, minute, expected) => {
    const match = parseMatch({ score: { ht: [0, 0], ft: [1, 0] }, goals1: [{ name: 'A', ...minute }] });
    expect(times(match)).toEqual([expected]);
  });

  it('counts stoppage time of the first half to the first half', () => {
    const match = parseMatch({ score: { ft: [1, 1] }, goals1: [{ minute: 45, offset: 3 }], goals2: [{ minute: 46 }] });
    expect(match.halfTime).toEqual([1, 0]);
  });

  it('lets the score decide when the list has fewer goals, also per half', () => {
    const match = parseMatch({ score: { ht: [1, 0], ft: [3, 1] }, goals1: [{ name: 'A', minute: 80 }] });
    expect(match.goals).toHaveLength(4);
    expect(match.goals.filter(({ period }) => period === 'first-half')).toHaveLength(1);
    expect(match.goals.map(({ scorer }) => scorer)).toContain('A');
  });

  it('lets the score decide when the list has more goals', () => {
    const goals1 = [{ minute: 10 }, { minute: 20 }, { minute: 70 }];
    expect(times(parseMatch({ score: { ht: [1, 0], ft: [1, 0] }, goals1 }))).toEqual(['home 10']);
  });

  it('takes own goals from the team that benefits', () => {
    const match = parseMatch({ score: { ft: [0, 1] }, goals2: [{ minute: 5, owngoal: true }] });
    expect(match.goals).toMatchObject([{ side: 'away', kind: 'own-goal' }]);
  });

  it('takes own goals from the team of the scorer where only that agrees with the score', () => {
    const match = parseMatch({ score: { ft: [0, 1] }, goals1: [{ name: 'Unlucky', minute: 5, owngoal: true }] });
    expect(match.goals).toMatchObject([{ side: 'away', kind: 'own-goal', scorer: 'Unlucky' }]);
  });

  it('takes the score from the goals when there is none', () => {
    const match = parseMatch({ goals1: [{ minute: 44 }, { minute: '90+2' }], goals2: [{ minute: 60 }] });
    expect(match).toMatchObject({ halfTime: [1, 0], fullTime: [2, 1], afterExtraTime: null });
  });

  it('finds extra time in the goals of a draw without a score', () => {
    const match = parseMatch({ goals1: [{ minute: 44 }, { minute: 105 }], goals2: [{ minute: 60 }] });
    expect(match).toMatchObject({ fullTime: [1, 1], afterExtraTime: [2, 1] });
  });

  it('works out full time from extra time', () => {
    const listed = { goals1: [{ minute: 10 }, { minute: 100 }], goals2: [{ minute: 80 }] };
    expect(parseMatch({ score: { et: [2, 1] }, ...listed }).fullTime).toEqual([1, 1]);
    expect(parseMatch({ score: { et: [2, 1] } }).fullTime).toEqual([1, 1]);
  });

  it.each([
    ['extra time without a shoot-out', { ft: [1, 1], et: [2, 1] }, { afterExtraTime: [2, 1], shootout: null }],
    ['a shoot-out without extra time', { ft: [1, 1], p: [4, 2] }, { afterExtraTime: null, shootout: [4, 2] }],
    ['a shoot-out nobody won', { ft: [1, 1], p: [3, 3] }, { shootout: null }],
    ['half-time alone', { ht: [1, 0] }, { halfTime: [1, 0], fullTime: [1, 0] }],
    ['a half-time score above the final one', { ht: [2, 0], ft: [1, 0] }, { halfTime: [1, 0], fullTime: [1, 0] }],
    ['numbers as text', { ht: ['0', '0'], ft: '2-1' }, { halfTime: [0, 0], fullTime: [2, 1] }],
    ['half a score', { ft: [1, 1], et: [null, 2] }, { fullTime: [1, 1], afterExtraTime: null }],
  ])('accepts %s', (_, score, expected) => {
    expect(parseMatch({ score })).toMatchObject(expected);
  });

  it('reads the flat keys of older files, teams as objects and rounds', () => {
    const old = { team1: { name: 'A\u0000' }, team2: { name: ' B ' }, score1: 2, score2: 1, score1i: 1, score2i: 0 };
    const { matches } = parseTournament({ rounds: [{ name: 'Round 1', matches: [old] }, { name: 'empty' }, null] });
    expect(matches).toMatchObject([{ home: 'A', away: 'B', round: 'Round 1', halfTime: [1, 0], fullTime: [2, 1] }]);
  });

  it('skips what was not played, and says so', () => {
    const unplayed = [{ team1: 'A', team2: 'B', date: '2030-01-01' }, {}, null, { score: null, goals1: [] }];
    const { matches, skipped } = parseTournament({ matches: [...unplayed, { score: { ft: [0, 0] } }] });
    expect(matches).toMatchObject([{ home: 'Home team 5', away: 'Away team 5', goals: [] }]);
    expect(skipped.map(({ match }) => match)).toEqual([
      'A - B',
      'Home team 2 - Away team 2',
      'Home team 3 - Away team 3',
      'Home team 4 - Away team 4',
    ]);
  });

  it.each([[null], [42], ['text'], [{}], [{ matches: {} }], [{ rounds: 'none' }]])('refuses %j', (json) => {
    expect(() => parseTournament(json)).toThrow(TournamentFileError);
  });
});
