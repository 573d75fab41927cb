import { describe, expect, it } from '@jest/globals';
import { measureMatchDay } from './match-day.js';

describe('the bytes of a match day', () => {
  const day = measureMatchDay();

  it('are those of four matches of a world cup, from the first kick-off to the last whistle', () => {
    expect(day).toMatchObject({ date: '2022-11-23', matches: 4 });
    expect(day.hours).toBeGreaterThan(10);
    expect(day.hours).toBeLessThan(12);
  });

  it('tell every version once, and existing clients the minutes, too', () => {
    // 11 goals, and each match begins, pauses, goes on and ends
    expect(day.v2.frames).toBeGreaterThan(11 + 4 * 4);
    expect(day.legacy.frames - day.ticking.frames).toBeGreaterThan(4 * 80);
    expect(day.legacy.frameBytes).toBeGreaterThan(day.ticking.frameBytes);
  });

  it('are more by polling, and most without an ETag', () => {
    const { '10s': often, '30s': rarely } = day.polling;
    expect(often!.whole).toBeGreaterThan(rarely!.whole * 2.9);
    expect(rarely!.withETag).toBeLessThan(rarely!.whole);
    expect(day.v2.bytes).toBeLessThan(rarely!.withETag);
  });
});
