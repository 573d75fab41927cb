import { describe, expect, it } from '@jest/globals';
import { freshMatch, KICKOFF_S as T, toUpdate } from '../../test/support/history.js';
import { NOTHING_HEARD } from './heard.js';
import { rememberKickoffs } from './kickoffs.js';
import type { KickoffSources, Kickoffs } from './match-state.js';
import type { MatchStatus } from './match-status.js';

const MIN = 60;
const NONE: Kickoffs = { firstHalfS: null, secondHalfS: null, overtimeS: null };

/** What is known after a report of `status` with `score[4] = kickoffS`, received at `nowS`. */
function remember(
  status: MatchStatus,
  kickoffS: number | null,
  nowS: number,
  kickoffs: Partial<Kickoffs> = {},
  kickoffSources: KickoffSources = {},
) {
  const state = freshMatch({ kickoffs: { ...NONE, ...kickoffs }, kickoffSources });
  return rememberKickoffs(state, toUpdate({ atS: nowS, status, kickoffS }), {
    nowMs: nowS * 1000,
    heard: NOTHING_HEARD,
  });
}

describe('kick-offs', () => {
  it.each<[MatchStatus, keyof Kickoffs, keyof KickoffSources]>([
    [2, 'firstHalfS', 'firstHalf'],
    [4, 'secondHalfS', 'secondHalf'],
    [5, 'overtimeS', 'overtime'],
  ])('a report of status %d records its period, with the source', (status, period, source) => {
    expect(remember(status, T, T + 30)).toEqual({
      kickoffs: { ...NONE, [period]: T },
      sources: { [source]: 'mqtt' },
      changed: true,
    });
  });

  it.each<MatchStatus>([1, 3, 7, 8, 9])('a report of status %d records nothing', (status) => {
    expect(remember(status, T, T + 30)).toMatchObject({ kickoffs: NONE, changed: false });
  });

  it('none, or one in the future, is not recorded', () => {
    expect(remember(2, null, T).changed).toBe(false);
    expect(remember(2, T + 1, T).changed).toBe(false);
    expect(remember(2, T, T).changed).toBe(true);
  });

  it('a half that began more than two hours ago is none; extra time may have begun any time', () => {
    expect(remember(2, T, T + 120 * MIN).changed).toBe(true);
    expect(remember(2, T, T + 120 * MIN + 1).changed).toBe(false);
    expect(remember(4, T, T + 120 * MIN + 1).changed).toBe(false);
    expect(remember(5, T, T + 120 * MIN + 1).changed).toBe(true);
  });

  it('one from the feed is written once; an estimate is replaced once', () => {
    const known: [MatchStatus, Partial<Kickoffs>, KickoffSources][] = [
      [2, { firstHalfS: T }, { firstHalf: 'mqtt' }],
      [4, { secondHalfS: T }, { secondHalf: 'api' }],
      [5, { overtimeS: T }, { overtime: 'mqtt' }],
    ];
    for (const [status, kickoffs, sources] of known) {
      expect(remember(status, T + 90, T + 100, kickoffs, sources).changed).toBe(false);
      expect(remember(status, T + 90, T + 100, kickoffs).changed).toBe(true);
    }
  });

  it('an estimate that was right is no change, but is known to be right from then on', () => {
    expect(remember(2, T, T + 60, { firstHalfS: T })).toMatchObject({ changed: false, sources: { firstHalf: 'mqtt' } });
  });

  it('a second half or extra time less than 40 minutes after the one before is not recorded', () => {
    const first = { firstHalfS: T };
    const both = { firstHalfS: T, secondHalfS: T + 60 * MIN };
    expect(remember(4, T + 40 * MIN - 1, T + 90 * MIN, first).changed).toBe(false);
    expect(remember(4, T + 40 * MIN, T + 90 * MIN, first).changed).toBe(true);
    expect(remember(5, T + 100 * MIN - 1, T + 200 * MIN, both).changed).toBe(false);
    expect(remember(5, T + 100 * MIN, T + 200 * MIN, both).changed).toBe(true);
    expect(remember(5, T + 40 * MIN - 1, T + 200 * MIN, first).changed).toBe(false);
  });
});
