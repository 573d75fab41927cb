import { describe, expect, it } from '@jest/globals';
import { END, endedMatch, IN_PLAY, SECOND_HALF_S, WHISTLE_S } from '../../../test/support/ended-match.js';
import { slots } from '../../../test/support/history.js';
import { VirtualMatch } from '../../../test/support/virtual-match.js';

const AGREED = 'applied/agreed';

describe('an undated answer that lets a count fall (R7)', () => {
  it.each<[number, string, string]>([
    [89, 'stale/pull-too-early', 'applied/changed'],
    [90, 'applied/changed', 'applied/changed'],
  ])('%d s after the last push', (seconds, falling, rising) => {
    const answer = (more: object) => {
      const match = new VirtualMatch(SECOND_HALF_S);
      match.push(IN_PLAY);
      match.nowS += seconds;
      return match.pull({ ...IN_PLAY, ...more });
    };
    expect(answer({ home: slots(1) })).toBe(falling);
    expect(answer({ home: slots(3) })).toBe(rising);
    expect(answer({ home: slots(1), providerTimeS: SECOND_HALF_S + 50 })).toBe('applied/changed');
  });

  it('after the end counts from the last change: a publisher that repeats itself does not mute the provider', () => {
    const match = endedMatch();
    match.nowS = WHISTLE_S;
    for (let n = 0; n < 9; n++) {
      match.nowS += 10;
      match.push(END);
    }
    match.nowS += 1;
    expect(match.pull({ ...END, home: slots(1) })).toBe('applied/changed');
  });

  it('of a row that nobody dated counts from the last push', () => {
    const match = new VirtualMatch(WHISTLE_S);
    match.state = { ...match.state, status: 8, home: slots(2), seenAtMs: (WHISTLE_S - 60) * 1000 };
    expect(match.pull({ ...END, home: slots(1), away: slots(0) })).toBe('stale/pull-too-early');
    match.state = { ...match.state, statusSinceS: WHISTLE_S - 120 };
    expect(match.pull({ ...END, home: slots(1), away: slots(0) })).toBe('applied/changed');
    match.state = { ...match.state, status: 8, home: slots(2), statusSinceS: null, pulledAtMs: null };
    match.state = { ...match.state, scoreSourceAtS: WHISTLE_S - 120 };
    expect(match.pull({ ...END, home: slots(1), away: slots(0) })).toBe('applied/changed');
  });
});

describe('times (R9)', () => {
  const HOUR_MS = 3_600_000;

  it('stored in the future are worth now, and are so for good', () => {
    const match = endedMatch();
    const nowMs = match.nowS * 1000;
    const ahead = { seenAtMs: nowMs + HOUR_MS, pulledAtMs: nowMs + HOUR_MS, statusSinceS: match.nowS + 3_600 };
    match.state = { ...match.state, ...ahead, scoreSourceAtS: match.nowS + 3_600 };
    expect(match.pull({ ...END, home: slots(3) })).toBe('stale/pull-too-early');
    expect(match.state).toMatchObject({ seenAtMs: nowMs, pulledAtMs: nowMs, statusSinceS: match.nowS });
    match.nowS += 30;
    expect(match.pull({ ...END, home: slots(3) })).toBe('applied/changed');
  });

  it('a step back of up to a minute is left alone', () => {
    const match = endedMatch();
    match.state = { ...match.state, seenAtMs: match.nowS * 1000 + 60_000 };
    const before = match.state;
    match.push(IN_PLAY);
    expect(match.state).toBe(before);
  });

  it('heard in the future are worth now', () => {
    const match = endedMatch();
    match.nowS += 3_600;
    match.push(IN_PLAY);
    match.push({ ...IN_PLAY, home: slots(3) });
    match.nowS -= 3_600;
    match.push(IN_PLAY);
    match.nowS += 30;
    expect(match.pull({ ...IN_PLAY, home: slots(2) })).toBe(AGREED);
  });

  it('the first provider time of a row must be a minute after what was seen, or after the status was set', () => {
    const answer = (providerTimeS: number, changes: object) => {
      const match = new VirtualMatch(WHISTLE_S + 300);
      match.state = { ...match.state, status: 11, home: slots(2), away: slots(1), ...changes };
      return match.push({ ...END, providerTimeS });
    };
    expect(answer(WHISTLE_S + 60, { seenAtMs: WHISTLE_S * 1000 })).toBe('illegal/out-of-play');
    expect(answer(WHISTLE_S + 61, { seenAtMs: WHISTLE_S * 1000 })).toBe('applied/changed');
    expect(answer(WHISTLE_S + 60, { statusSinceS: WHISTLE_S })).toBe('illegal/out-of-play');
    expect(answer(WHISTLE_S + 61, { statusSinceS: WHISTLE_S })).toBe('applied/changed');
    expect(answer(WHISTLE_S + 300, {})).toBe('illegal/out-of-play');
  });
});
