import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClockSkew } from './clock-skew.js';

const NOW_MS = 1_766_242_949_000;

/** An answer of a provider whose clock is `skewMs` ahead, half the way after the request left. */
function reading(skewMs: number, requestedAtMs = NOW_MS, tookMs = 100) {
  return {
    date: new Date(requestedAtMs + tookMs / 2 + skewMs).toUTCString(),
    age: null,
    requestedAtMs,
    answeredAtMs: requestedAtMs + tookMs,
  };
}

describe('ClockSkew', () => {
  it('is 0 for any difference that whole seconds and the way can explain', () => {
    fc.assert(
      fc.property(fc.nat(999), fc.nat(2_000), fc.integer({ min: 0, max: 100 }), (millis, tookMs, part) => {
        const requestedAtMs = NOW_MS + millis;
        const date = new Date(requestedAtMs + (tookMs * part) / 100).toUTCString();
        const skew = new ClockSkew().take({ date, age: null, requestedAtMs, answeredAtMs: requestedAtMs + tookMs });
        expect(skew).toBe(0);
      }),
    );
  });

  it.each([-30_000, -2_100, 2_100, 5_000, 3_600_000])('finds a clock that is %d ms off, to the second', (skewMs) => {
    const skew = new ClockSkew().take(reading(skewMs)) ?? 0;
    expect(Math.abs(skew - skewMs)).toBeLessThanOrEqual(550);
  });

  it('believes the middle of the last five', () => {
    const skew = new ClockSkew();
    const found = [0, 60_000, 0, 0, 60_000, 60_000, 60_000].map((skewMs) => skew.take(reading(skewMs)));
    expect(found.map((ms) => Math.round((ms ?? 0) / 10_000))).toEqual([0, 6, 0, 0, 0, 6, 6]);
  });

  it.each([
    ['no date', { ...reading(9_000), date: null }],
    ['a date that is none', { ...reading(9_000), date: 'yesterday' }],
    ['an answer out of a cache', { ...reading(9_000), age: '4' }],
    ['a slow answer', reading(9_000, NOW_MS, 2_001)],
    ['a clock that was set back in between', reading(9_000, NOW_MS, -1)],
  ])('learns nothing from %s', (_, untold) => {
    expect(new ClockSkew().take(untold)).toBeNull();
  });
});
