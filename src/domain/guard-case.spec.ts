import { describe, expect, it } from '@jest/globals';
import { KICKOFF_S as T, toUpdate } from '../../test/support/history.js';
import { NO_CIRCUMSTANCES } from './decide.js';
import { emptyMatch } from './empty-match.js';
import { toCase } from './guard-case.js';

describe('a stored time ahead of our clock', () => {
  const context = { ...NO_CIRCUMSTANCES, nowMs: T * 1000, restLagMs: 30_000 };
  const read = (times: object) =>
    toCase({ ...emptyMatch('m'), ...times }, toUpdate({ atS: T, status: 2 }), context).state;

  it.each([
    [{ seenAtMs: (T + 3_600) * 1000 }, { seenAtMs: T * 1000 }],
    [{ pulledAtMs: (T + 3_600) * 1000 }, { pulledAtMs: T * 1000 }],
    [{ statusSinceS: T + 3_600 }, { statusSinceS: T }],
    [{ scoreSourceAtS: T + 3_600 }, { scoreSourceAtS: T }],
  ])('is worth now: %j', (stored, worth) => {
    expect(read(stored)).toMatchObject(worth);
  });

  it('stays where it is less than a minute: the clock heals by itself', () => {
    const times = { seenAtMs: T * 1000 + 59_000, statusSinceS: T + 59 };
    expect(read(times)).toMatchObject(times);
  });
});
