import { describe, expect, it } from '@jest/globals';
import { IN_PLAY, SECOND_HALF_S } from '../../../test/support/ended-match.js';
import { slots } from '../../../test/support/history.js';
import { VirtualMatch } from '../../../test/support/virtual-match.js';

describe('a jump (R10)', () => {
  const playing = () => {
    const match = new VirtualMatch(SECOND_HALF_S);
    match.push(IN_PLAY);
    return match;
  };

  it.each<[string, number, object, string]>([
    ['four goals at once', 59, { home: slots(6) }, 'stale/jump'],
    ['four goals of both sides', 59, { home: slots(4), away: slots(3) }, 'stale/jump'],
    ['three goals', 59, { home: slots(5) }, 'applied/changed'],
    ['four goals after a minute', 60, { home: slots(6) }, 'applied/changed'],
    [
      'four goals with newer provider time',
      59,
      { home: slots(6), providerTimeS: SECOND_HALF_S + 63 },
      'applied/changed',
    ],
    ['four goals by an operator', 59, { home: slots(6), source: 'admin' }, 'applied/changed'],
    ['four goals at the whistle', 59, { home: slots(6), status: 8 }, 'stale/jump'],
  ])('%s', (_, seconds, said, expected) => {
    const match = playing();
    match.wait(seconds);
    expect(match.push({ ...IN_PLAY, providerSkewMs: 2_000, ...said })).toBe(expected);
  });

  it('is believed in a second frame, and not in one that says something else', () => {
    const match = playing();
    match.push({ ...IN_PLAY, home: slots(9) });
    expect(match.push({ ...IN_PLAY, home: slots(6) })).toBe('stale/jump');
    expect(match.push({ ...IN_PLAY, home: slots(7) })).toBe('applied/changed');
  });

  it('is not believed when the broker sends the same frame again', () => {
    const match = playing();
    const corrupt = { ...IN_PLAY, home: slots(50) };
    match.push(corrupt);
    expect(match.push({ ...corrupt, redelivered: true })).toBe('stale/jump');
    expect(match.push({ ...IN_PLAY, home: slots(3) })).toBe('applied/changed');
    expect(match.count('goal-cancelled')).toBe(0);
  });

  it('is none after a pull that says it, of goals one by one, of swapped sides, or without any push before', () => {
    const pulled = playing();
    pulled.nowS += 40;
    pulled.pull({ ...IN_PLAY, home: slots(5) });
    pulled.nowS += 10;
    expect(pulled.push({ ...IN_PLAY, home: slots(6) })).toBe('applied/changed');
    const single = playing();
    for (const goals of [3, 4, 5, 6, 7])
      expect(single.push({ ...IN_PLAY, home: slots(goals) })).toBe('applied/changed');
    const swapped = new VirtualMatch(SECOND_HALF_S);
    swapped.push({ ...IN_PLAY, home: slots(6), away: slots(1) });
    expect(swapped.push({ ...IN_PLAY, home: slots(1), away: slots(6) })).toBe('applied/changed');
    expect(new VirtualMatch(SECOND_HALF_S).push({ ...IN_PLAY, home: slots(9) })).toBe('applied/changed');
  });

  it('is none when superseded frames told the goals before', () => {
    const carried = {
      kickoffs: {},
      reached: 4 as const,
      peak: { home: slots(5), away: slots(1) },
      providerTimeS: null,
    };
    expect(playing().push({ ...IN_PLAY, home: slots(6), carried })).toBe('applied/changed');
  });
});

describe('a frame that the broker sent before', () => {
  it('does not let a count fall in play; another frame, newer provider time or the provider does', () => {
    const playing = () => {
      const match = new VirtualMatch(SECOND_HALF_S);
      match.push(IN_PLAY);
      match.nowS += 90;
      return match;
    };
    const less = { ...IN_PLAY, home: slots(1) };
    const match = playing();
    expect(match.push({ ...less, redelivered: true })).toBe('stale/redelivered-fall');
    expect(match.push(less)).toBe('applied/changed');
    expect(playing().push({ ...less, redelivered: true, providerTimeS: SECOND_HALF_S + 80 })).toBe('applied/changed');
    const asked = playing();
    asked.push({ ...less, redelivered: true });
    expect(asked.pull(less)).toBe('applied/changed');
    expect(playing().push({ ...IN_PLAY, home: slots(3), redelivered: true })).toBe('applied/changed');
    const first = new VirtualMatch(SECOND_HALF_S);
    first.state = { ...first.state, status: 4, home: slots(2) };
    expect(first.push({ ...less, redelivered: true })).toBe('applied/changed');
    expect(playing().push({ ...less, redelivered: true, inBurst: true })).toBe('applied/changed');
  });
});
