import { describe, expect, it } from '@jest/globals';
import { freshMatch, KICKOFF_S as T, toUpdate } from '../../test/support/history.js';
import { VirtualMatch } from '../../test/support/virtual-match.js';
import { NOTHING_HEARD } from './heard.js';
import { rememberKickoffs } from './kickoffs.js';
import type { KickoffSources, Kickoffs } from './match-state.js';
import type { MatchStatus } from './match-status.js';
import { NO_SCORE } from './score.js';

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

  it('one that was erased is written again, though its source is known', () => {
    expect(remember(2, T, T + 60, {}, { firstHalf: 'mqtt' }).changed).toBe(true);
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

  it('20 minutes are enough once half-time was seen, or where two kick-offs lie that close already', () => {
    const short = (reached: MatchStatus, kickoffS: number, carriedReached?: MatchStatus) => {
      const state = freshMatch({ reached, kickoffs: { ...NONE, firstHalfS: T } });
      const peak = { home: NO_SCORE, away: NO_SCORE };
      const carried = carriedReached ? { kickoffs: {}, reached: carriedReached, peak, providerTimeS: null } : undefined;
      const update = { ...toUpdate({ atS: T + 90 * MIN, status: 4, kickoffS }), carried };
      return rememberKickoffs(state, update, { nowMs: (T + 90 * MIN) * 1000, heard: NOTHING_HEARD }).changed;
    };
    expect(short(2, T + 39 * MIN)).toBe(false);
    expect(short(2, T + 39 * MIN, 3)).toBe(true);
    expect(short(3, T + 20 * MIN)).toBe(true);
    expect(short(3, T + 20 * MIN - 1)).toBe(false);
    const close = { firstHalfS: T, secondHalfS: T + 36 * MIN };
    expect(remember(5, T + 70 * MIN, T + 90 * MIN, close).changed).toBe(true);
    expect(remember(5, T + 70 * MIN, T + 90 * MIN, { ...close, secondHalfS: T + 40 * MIN }).changed).toBe(false);
  });
});

describe('the format of the match', () => {
  const format = { halfMinutes: 30, extraHalfMinutes: 10 };
  const remembered = (kickoffS: number, reached: MatchStatus = 2) => {
    const state = freshMatch({ reached, kickoffs: { ...NONE, firstHalfS: T } });
    const update = toUpdate({ atS: T + 90 * MIN, status: 4, kickoffS });
    return rememberKickoffs(state, update, { nowMs: (T + 90 * MIN) * 1000, heard: NOTHING_HEARD, format }).changed;
  };

  it('says how close the kick-offs of two periods may lie, half-time seen or not', () => {
    expect(remembered(T + 25 * MIN)).toBe(true);
    expect(remembered(T + 25 * MIN - 1)).toBe(false);
    expect(remembered(T + 20 * MIN, 3)).toBe(true);
    expect(remembered(T + 20 * MIN - 1, 3)).toBe(false);
  });
});

describe('corrected kick-offs', () => {
  const first = (kickoffS: number, more: object = {}) => ({ status: 2 as const, kickoffS, ...more });

  it.each<[string, number, object, object, number]>([
    ['61 s off', 61, {}, {}, T + 61],
    ['60 s off', 60, {}, {}, T],
    ['in a redelivered frame', 300, { redelivered: true }, {}, T],
    ['after a redelivered frame', 300, {}, { redelivered: true }, T],
    ['after a frame that said another one', 300, {}, { kickoffS: T + 299 }, T],
    ['after a frame of another period', 300, {}, { status: 3 }, T],
  ])('are taken when two received pushes in a row say them: %s', (_, offS, second, before, expected) => {
    const match = new VirtualMatch(T + 600);
    match.push(first(T));
    match.push(first(T + offS, before));
    match.push(first(T + offS, second));
    expect(match.state.kickoffs.firstHalfS).toBe(expected);
  });

  it('are taken when feed and provider say them, and not from one alone', () => {
    const match = new VirtualMatch(T + 600);
    match.push(first(T));
    match.nowS += 60;
    match.pull(first(T + 300));
    expect(match.state.kickoffs.firstHalfS).toBe(T);
    match.push(first(T + 300));
    match.pull(first(T + 300));
    expect(match.state).toMatchObject({ kickoffs: { firstHalfS: T + 300 }, kickoffSources: { firstHalf: 'api' } });
  });

  it('of a match that goes on are taken when they are later', () => {
    for (const [kickoffS, expected] of [
      [T + 1_800, T + 1_800],
      [T - 30, T],
    ] as const) {
      const match = new VirtualMatch(T + 600);
      match.push(first(T));
      match.push({ status: 10 });
      match.nowS += 1_800;
      match.push(first(kickoffS));
      expect(match.state.kickoffs.firstHalfS).toBe(expected);
    }
  });
});

describe('the minute of a match', () => {
  const first = (kickoffS: number | null, more: object = {}) => ({ status: 2 as const, kickoffS, ...more });

  it('runs backwards with a corrected kick-off, and with nothing else', () => {
    const match = new VirtualMatch(T + 20 * MIN);
    match.push(first(T));
    expect(match.state.minute).toBe(21);
    match.nowS -= 70;
    match.push(first(T, { home: [1, 0, 0, 0, 0, 0, 0] }));
    expect(match.state.minute).toBe(21);
    match.nowS += 70;
    match.push(first(T + 300));
    expect(match.state.minute).toBe(21);
    match.push(first(T + 300));
    expect(match.state).toMatchObject({ kickoffs: { firstHalfS: T + 300 }, minute: 16 });
  });

  it('may go back once from an estimate to the true one', () => {
    const match = new VirtualMatch(T + 20 * MIN);
    match.state = { ...match.state, fallbackKickoffS: T - 10 * MIN };
    match.push(first(null));
    expect(match.state).toMatchObject({ kickoffs: NONE, minute: 31 });
    match.push(first(T));
    expect(match.state).toMatchObject({ kickoffs: { firstHalfS: T }, minute: 21 });
  });
});

describe('kick-offs that superseded updates showed', () => {
  const carried = (kickoffs: object) => ({
    kickoffs,
    reached: 2 as const,
    peak: { home: NO_SCORE, away: NO_SCORE },
    providerTimeS: null,
  });

  it('are recorded by the same rules, in the order of the periods', () => {
    const match = new VirtualMatch(T + 70 * MIN);
    match.push({ status: 4, kickoffS: T + 62 * MIN, carried: carried({ firstHalfS: T }) });
    expect(match.state).toMatchObject({
      kickoffs: { firstHalfS: T, secondHalfS: T + 62 * MIN },
      kickoffSources: { firstHalf: 'mqtt', secondHalf: 'mqtt' },
    });
    match.push({
      status: 4,
      kickoffS: T + 62 * MIN,
      carried: carried({ firstHalfS: T + 90, overtimeS: T + 999 * MIN }),
    });
    expect(match.state.kickoffs).toEqual({ firstHalfS: T, secondHalfS: T + 62 * MIN, overtimeS: null });
  });

  it('that a superseded report showed may be older: of a match parked until extra time both halves are known', () => {
    const carried = {
      kickoffs: { firstHalfS: T, secondHalfS: T + 62 * MIN },
      reached: 4 as const,
      peak: { home: NO_SCORE, away: NO_SCORE },
      providerTimeS: null,
    };
    const at = (atS: number) =>
      rememberKickoffs(freshMatch(), toUpdate({ atS, status: 5, kickoffS: T + 115 * MIN, carried }), {
        nowMs: atS * 1000,
        heard: NOTHING_HEARD,
      }).kickoffs.firstHalfS;
    expect([at(T + 121 * MIN), at(T + 6 * 60 * MIN + 1)]).toEqual([T, null]);
  });
});
