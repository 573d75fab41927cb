import { describe, expect, it } from '@jest/globals';
import type { ScoreCommitted } from '../../../src/contracts/committed-changes.js';
import { freshMatch, slots } from '../../../test/support/history.js';
import { EPOCH_MS, type Moment } from '../truth/moment.js';
import type { RaceMatch } from './race-match.js';
import { RaceReferee } from './race-referee.js';

const NONE = slots(0);

/** 0-0, 1-0, taken back, 1-0, a second each. */
function match(): RaceMatch {
  const moments = [0, 1, 0, 1].map((goals, n): Moment => {
    const atS = EPOCH_MS / 1000 + n;
    return { atS, status: 2, home: slots(goals), away: NONE, kickoffS: 0, told: true, stamped: false };
  });
  return { id: 'm', moments, frames: [], isDated: false, horizonMs: 10_000 };
}

function row(goals: number) {
  const after = freshMatch({ status: 2, home: slots(goals) });
  const facts = { epoch: 0, version: 1, source: 'api', catchUp: true, committedAtMs: 0 } as const;
  return { ...facts, matchId: 'm', before: freshMatch(), after };
}

function goal(homeScore: number): ScoreCommitted {
  const events = [
    { type: 'goal', side: 'home', homeScore, awayScore: 0, time: null, playerId: null, playerName: null },
  ] as const;
  return { kind: 'score', ...row(homeScore), receivedAtMs: 0, events };
}

describe('RaceReferee', () => {
  it('lets a row follow the truth, there and back, and skip moments of it', () => {
    const referee = new RaceReferee(match());
    for (const goals of [1, 0, 1]) referee.committed(row(goals), 3_000);
    expect(referee.wrongForMs(3_000)).toBe(0);
  });

  it('finds a row that goes back', () => {
    const referee = new RaceReferee(match());
    for (const goals of [1, 0, 1]) referee.committed(row(goals), 3_000);
    expect(() => referee.committed(row(0), 4_000)).toThrow('goes back from moment 3 to 2');
  });

  it('finds a row that says what is not true yet, or never was', () => {
    const referee = new RaceReferee(match());
    expect(() => referee.committed(row(1), 500)).toThrow('what never was');
    expect(() => referee.committed(row(2), 5_000)).toThrow('what never was');
  });

  it('says for how long a row is wrong', () => {
    const referee = new RaceReferee(match());
    expect([500, 1_600, 2_500, 3_500].map((atMs) => referee.wrongForMs(atMs))).toEqual([0, 600, 0, 500]);
  });

  it('finds a goal that is told more often than it came', () => {
    const referee = new RaceReferee(match());
    referee.announced(goal(1), 3_500);
    referee.announced(goal(1), 3_500);
    expect(() => referee.announced(goal(1), 3_500)).toThrow('was told 3 times');
    expect(() => new RaceReferee(match()).announced(goal(2), 3_500)).toThrow('was told 1 times');
  });

  it('finds a match that ends wrong, and a goal that nobody was told of', () => {
    const referee = new RaceReferee(match());
    expect(() => referee.finished(9_000)).toThrow('the row ends with 2 0-0');
    referee.committed(row(1), 9_000);
    expect(() => referee.finished(9_000)).toThrow('0 goals of home were told, 1 happened');
  });
});
